import { Icon } from './icons.tsx'
import { useStored } from './useStored.ts'

/** Light or dark. Until somebody chooses, the console looks as the system does. */
export function LookToggle() {
  const [look, keep] = useStored('look')
  const dark = look === '' ? matchMedia('(prefers-color-scheme: dark)').matches : look === 'dark'
  const toggle = () => {
    const next = dark ? 'light' : 'dark'
    keep(next)
    document.documentElement.dataset.look = next
  }
  return (
    <button type="button" className="plain" onClick={toggle} title={`Change to the ${dark ? 'light' : 'dark'} look`}>
      <Icon name={dark ? 'sun' : 'moon'} />
      <span className="unseen">Change to the {dark ? 'light' : 'dark'} look</span>
    </button>
  )
}
