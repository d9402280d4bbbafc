import type { Severity } from './types.ts'
import { severityWords } from './words.ts'

/** One shape per severity, so that colour is never the only sign. In a box from -8 to 8. */
export const severityShapes: Record<Severity, string> = {
  critical: 'M-3.3 -8H3.3L8 -3.3V3.3L3.3 8H-3.3L-8 3.3V-3.3Z',
  high: 'M0 -7.5L8.2 6.8H-8.2Z',
  medium: 'M0 -8L8 0L0 8L-8 0Z',
  low: 'M-6.5 -6.5H6.5V6.5H-6.5Z',
  info: 'M0 -7A7 7 0 1 1 0 7A7 7 0 1 1 0 -7Z',
}

const marks: Record<Severity, string> = {
  critical: 'M0 -4.6V1.2M0 4V4.2',
  high: 'M0 -2.6V2M0 4.4V4.5',
  medium: 'M0 -3.6V1M0 3.4V3.5',
  low: 'M-3 0H3',
  info: 'M0 -3.6V-3.5M0 -0.6V3.8',
}

export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className={`severity ${severity}`}>
      <svg viewBox="-9 -9 18 18" aria-hidden="true">
        <path className="shape" d={severityShapes[severity]} />
        <path className="mark" d={marks[severity]} />
      </svg>
      {severityWords[severity]}
    </span>
  )
}

const paths = {
  bell: 'M12 3a1.6 1.6 0 0 1 1.6 1.6v.5c3 .7 4.9 3.3 4.9 6.6v3.6l1.7 2.2v1H3.8v-1l1.7-2.2v-3.6c0-3.3 2-5.9 4.9-6.6v-.5A1.6 1.6 0 0 1 12 3ZM9.2 20.2h5.6a2.8 2.8 0 0 1-5.6 0Z',
  eye: 'M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12ZM12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z',
  noEye:
    'M3 3l18 18M6.5 7C3.6 8.9 2 12 2 12s3.6 6.5 10 6.5c1.7 0 3.2-.5 4.5-1.1M10 5.7c.6-.1 1.3-.2 2-.2 6.4 0 10 6.5 10 6.5s-.9 1.7-2.7 3.3',
  letter: 'M3 6h18v12H3ZM3 6.5l9 7 9-7M15 19l6 4M21 19l-6 4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3.5 2',
  hand: 'M7 12V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V5.5a1.5 1.5 0 0 1 3 0V12V8.5a1.5 1.5 0 0 1 3 0V15c0 3.5-2.5 6-6 6-3 0-4.5-1.5-6-4l-2.5-4a1.5 1.5 0 0 1 2.5-1.5Z',
  check: 'M4 12.5l5.5 5.5L20 6.5',
  copy: 'M9 9h11v11H9ZM5 15H4V4h11v1',
  out: 'M13 5h6v6M19 5l-9 9M16 14v5H5V8h5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z',
}

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
