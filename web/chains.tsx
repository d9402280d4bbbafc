import { Providers } from './providers.tsx'
import { SightWords } from './sightWords.tsx'
import { Time } from './time.tsx'
import type { Chain } from './types.ts'
import { count, numberWords, verifiedWords } from './words.ts'

/** Each chain: how far it is read, and how the providers do that it is read through. */
export function Chains({ chains }: { chains: Chain[] }) {
  return (
    <section className="panel">
      <h2>Chains</h2>
      {chains.map((chain) => (
        <div key={chain.id} className={`chain ${chain.sight.state}`}>
          <h3>
            {chain.name} <SightWords sight={chain.sight} />
          </h3>
          <dl>
            <div>
              <dt>Judged up to</dt>
              <dd>
                {chain.cursor === null ? 'nothing yet' : numberWords(chain.cursor)}
                {chain.cursorTimestamp !== null && <Time at={new Date(chain.cursorTimestamp * 1000).toISOString()} />}
              </dd>
            </div>
            <div>
              <dt>Newest block</dt>
              <dd>
                {chain.head === null ? 'unknown' : numberWords(chain.head)}
                {headWords(chain)}
              </dd>
            </div>
            <div>
              <dt>Final</dt>
              <dd>{chain.finalized === null ? 'unknown' : numberWords(chain.finalized)}</dd>
            </div>
            <Verified chain={chain} />
          </dl>
          <Providers chain={chain} />
        </div>
      ))}
    </section>
  )
}

/** Of a chain that is not seen nobody knows how far it has gone on. */
function headWords({ head, lag, sight }: Chain): string {
  if (head === null || lag === null) return ''
  if (sight.state === 'blind') return ' when last heard of'
  return lag === 0 ? ', no lag' : `, lag ${count(lag, 'block')}`
}

/** Whether the blocks of a chain are proved to be what they are, or taken on trust. */
function Verified({ chain: { verified } }: { chain: Chain }) {
  const { word, sentence } = verifiedWords(verified)
  return (
    <div>
      <dt>Blocks</dt>
      <dd className="verified">
        {word}
        {sentence && <span className="quiet">{sentence}</span>}
      </dd>
    </div>
  )
}
