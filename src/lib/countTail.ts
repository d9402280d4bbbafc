/**
 * Natural logarithm of the chance to count at least `count` where `mean` is expected.
 *
 * `dispersion` is variance over mean: 1 is Poisson, more is negative binomial with that variance. Logarithms, since the
 * chances that matter are far below the smallest double.
 */
export function logCountTail(count: number, mean: number, dispersion = 1): number {
  if (count <= 0) return 0
  if (mean <= 0) return -Infinity
  if (dispersion <= 1 + 1e-9) return logLowerGamma(count, mean)
  return logLowerBeta(count, mean / (dispersion - 1), 1 - 1 / dispersion)
}

/** Coefficients of Lanczos for g = 7. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  const sum = lanczos.slice(1).reduce((total, each, place) => total + each / (z + place + 1), lanczos[0]!)
  const base = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum)
}

const precision = 1e-14
/** Both expansions need a few times the square root of their arguments; the bound is for arguments beyond reason. */
const stepsMax = 100_000
const tiny = 1e-300

/** ln of the regularised lower incomplete gamma function P(a, x): the chance of a Poisson count of at least a. */
function logLowerGamma(a: number, x: number): number {
  const front = a * Math.log(x) - x - logGamma(a)
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a]
    for (let step = 1; step < stepsMax && term > sum * precision; step++) {
      term *= x / (a + step)
      sum += term
    }
    return front + Math.log(sum)
  }
  const upper = continued((step) => (step === 0 ? [1, x + 1 - a] : [-step * (step - a), x + 1 - a + 2 * step]))
  return logOneMinus(front + Math.log(upper))
}

/** ln of the regularised incomplete beta function: the chance of a negative binomial count of at least a. */
function logLowerBeta(a: number, b: number, x: number): number {
  const front = a * Math.log(x) + b * Math.log1p(-x) - (logGamma(a) + logGamma(b) - logGamma(a + b))
  if (x < (a + 1) / (a + b + 2)) return front - Math.log(a) + Math.log(betaFraction(a, b, x))
  return logOneMinus(front - Math.log(b) + Math.log(betaFraction(b, a, 1 - x)))
}

function betaFraction(a: number, b: number, x: number): number {
  return continued((step) => {
    if (step === 0) return [1, 1]
    const m = step >> 1
    const twice = a + 2 * m
    if (step % 2 === 0) return [(m * (b - m) * x) / ((twice - 1) * twice), 1]
    return [(-(a + m) * (a + b + m) * x) / (twice * (twice + 1)), 1]
  })
}

/** a0 / (b0 + a1 / (b1 + …)), by the method of Lentz; `term` gives [a, b] of a step. */
function continued(term: (step: number) => [a: number, b: number]): number {
  const [first, start] = term(0)
  let denominator = start || tiny
  let [c, d] = [denominator, 0]
  for (let step = 1; step < stepsMax; step++) {
    const [a, b] = term(step)
    d = 1 / (b + a * d || tiny)
    c = b + a / c || tiny
    denominator *= c * d
    if (Math.abs(c * d - 1) < precision) break
  }
  return first / denominator
}

/** ln(1 − e^x) for x ≤ 0. */
function logOneMinus(x: number): number {
  if (x >= 0) return -Infinity
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))
}
