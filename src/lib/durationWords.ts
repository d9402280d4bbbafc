/** So many seconds for a sentence: `240 seconds`, `90 minutes`, `5 hours`, `4 days`. */
export function durationWords(seconds: number): string {
  if (seconds < 300) return `${seconds} seconds`
  if (seconds < 3 * 3600) return `${Math.round(seconds / 60)} minutes`
  return seconds < 3 * 86_400 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`
}
