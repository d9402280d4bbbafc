import type { Json } from '../../model/finding.ts'
import type { Worth } from './priceBook.ts'

/** What something was worth before the block, and who says so; or why nobody does. */
export const worthFacts = (worth: Worth): Record<string, Json> =>
  'dollars' in worth ? { usd: worth.dollars, pricedBy: worth.by } : { unpriced: worth.unpriced }
