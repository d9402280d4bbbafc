import { plainText } from '../../lib/plainText.ts'

/**
 * `lost`: could not be carried over. `dead`: did not work where it comes from. `changed`: is carried over and behaves
 * otherwise. `set`: a variable of the environment to set.
 */
export type RemarkKind = 'lost' | 'dead' | 'changed' | 'set'

type Remark = { kind: RemarkKind; where: string; text: string }

/** What people must know of an import, each thing once. */
export type Remarks = {
  /** @param where File or name, as the reader knows it. @param text A sentence; made harmless here. */
  add(kind: RemarkKind, where: string, text: string): void
  of(kind: RemarkKind): readonly Remark[]
}

const whereMax = 120
const textMax = 500

export function createRemarks(): Remarks {
  const all = new Map<string, Remark>()
  return {
    add(kind, where, text) {
      const key = JSON.stringify([kind, where, text])
      if (!all.has(key)) all.set(key, { kind, where: plainText(where, whereMax), text: plainText(text, textMax) })
    },
    of: (kind) => [...all.values()].filter((remark) => remark.kind === kind),
  }
}

const headings: Record<RemarkKind, string> = {
  lost: 'Not carried over',
  dead: 'Did not work before',
  changed: 'Behaves otherwise here',
  set: 'Variables to set',
}

/** The remarks as lines, by kind. @param max Lines of one kind; the others are counted. */
export function describeRemarks(remarks: Remarks, max: number): string[] {
  const kinds: readonly RemarkKind[] = ['lost', 'dead', 'changed', 'set']
  return kinds.flatMap((kind) => {
    const found = remarks.of(kind)
    if (found.length === 0) return []
    const lines = found.slice(0, max).map(({ where, text }) => `  - ${where}: ${text}`)
    const more = found.length > max ? [`  - … and ${found.length - max} more`] : []
    return [`${headings[kind]} (${found.length}):`, ...lines, ...more, '']
  })
}
