/** Starts the app in the page: one query cache, one router. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// Each page brings its own; the first one in the document would win.
document.querySelector('title')?.remove()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
