import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm start` builds this once. For work on the console itself: `vite web`, beside a Tocsin that runs on port 8080. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': {
        target: 'http://localhost:8080',
        changeOrigin: true,
        headers: { origin: 'http://localhost:8080' },
      },
    },
  },
})
