import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startLive } from './live.ts'
import { exchangeToken } from './signIn.tsx'

const root = document.getElementById('console')
if (!root) throw new Error('The page has no place for the console.')
await exchangeToken()
startLive()
createRoot(root).render(<App />)
