/** A number as far as an estimate goes: two digits of it, with commas between thousands. */
export const roughly = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en')
