import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { refresh, startLive } from './live.ts'
import { exchangeToken } from './signIn.tsx'

const root = document.getElementById('console')
if (!root) throw new Error('The page has no place for the console.')
await exchangeToken()
// A link that is opened where the console is open already does not load the page again.
addEventListener('hashchange', () => void exchangeToken().then(refresh))
startLive()
createRoot(root).render(<App />)
