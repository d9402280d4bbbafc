const separator = ' · '

/** Links on one line, as many of the first as fit. */
export function joinWithin(links: readonly string[], max: number): string {
  let line = ''
  for (const link of links) {
    const longer = line ? line + separator + link : link
    if (longer.length > max) break
    line = longer
  }
  return line
}
