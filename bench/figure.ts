/** One measured number. What else it depends on stands beside it. */
export type Figure = { figure: string; value: number | string; unit: string; [detail: string]: unknown }

/** A benchmark: gives its figures as they are ready. */
export type Bench = () => AsyncIterable<Figure>
