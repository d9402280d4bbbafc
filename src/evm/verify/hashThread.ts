import { parentPort } from 'node:worker_threads'
import { type HashTask, hashAll } from './hashAll.ts'

// Where it fails, whoever asked hashes it himself and sees why.
parentPort?.on('message', (task: HashTask) => {
  try {
    parentPort?.postMessage(hashAll(task))
  } catch {
    parentPort?.postMessage(null)
  }
})
