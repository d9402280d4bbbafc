const nameMax = 60

/** A name of letters, digits and `-` made of any text, that none of `taken` has; it is added to them. */
export function uniqueName(text: string, taken: Set<string>): string {
  const words = text
    .slice(0, 500)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
  const trimmed = words
    .replace(/^[^a-z_]+/, '')
    .slice(0, nameMax)
    .replace(/-+$/, '')
  const wanted = trimmed || 'imported'
  let name = wanted
  for (let number = 2; taken.has(name); number++) name = `${wanted.slice(0, nameMax - 4)}-${number}`
  taken.add(name)
  return name
}
