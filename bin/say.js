// Plain JavaScript that parses on Node 20.

/** One calm line about what the set-up or the tests do. */
export function say(text) {
  console.log(`tocsin: ${text}`)
}

/**
 * Says what begins, and how long it took.
 *
 * @template {{ code: number }} T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(title, work) {
  say(`${title} …`)
  const from = performance.now()
  const result = await work()
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  say(`${title}: ${result.code === 0 ? 'done' : `ended with code ${result.code}`} after ${seconds} s`)
  return result
}
