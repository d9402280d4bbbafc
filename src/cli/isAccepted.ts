import type { Proposal } from '../discover/propose/proposal.ts'
import type { Contract } from '../model/contract.ts'
import type { AnyDetector } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'

/** Whether a detector takes a proposed monitor: discovery knows detectors by what they are for, not by their code. */
export function isAccepted(
  { use, on, when, options }: Proposal,
  { names, chain }: { names: ReadonlyMap<string, Contract>; chain: { name: string; id: number } },
  detectors: ReadonlyMap<string, AnyDetector>,
): boolean {
  const detector = detectors.get(use)
  const parsed = detector?.options.safeParse(options ?? {})
  if (!detector || !parsed?.success) return false
  const targets = on.flatMap((name) => names.get(name) ?? [])
  try {
    detector.compile({ options: parsed.data, targets, when, names, chain })
    return true
  } catch (error) {
    if (error instanceof KnownError) return false
    throw error
  }
}
