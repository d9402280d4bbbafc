/** Words of a manual: names of options stand in back quotes. */
export function Marked({ text }: { text: string }) {
  const parts = text.split('`')
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
  return parts.map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))
}
