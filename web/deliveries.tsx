import { useState } from 'react'
import { call } from './call.ts'
import { ErrorWords } from './dialog.tsx'
import { refresh } from './live.ts'
import { alertPath, Link } from './route.tsx'
import { Time } from './time.tsx'
import type { Delivery } from './types.ts'
import { count, kindWords } from './words.ts'

/** Who was told of an alert, and whether it got there. */
export function Deliveries({ deliveries, mutedBecause }: { deliveries: Delivery[]; mutedBecause: string | null }) {
  if (deliveries.length === 0)
    return <p>{mutedBecause ? `Nobody: ${mutedBecause}` : 'Nobody: no route in the config matches this alert.'}</p>
  return (
    <ul className="deliveries">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className={delivery.state}>
          <b>{delivery.channel}</b> {kindWords[delivery.kind]}: <DeliveryState delivery={delivery} />
        </li>
      ))}
    </ul>
  )
}

/** Messages that were given up: somebody should know, and does not. */
export function DeadMessages({ messages, total }: { messages: Delivery[]; total: number }) {
  const [error, setError] = useState<Error | null>(null)
  const retry = (id: string) => call(`/messages/${encodeURIComponent(id)}/retry`, {}).then(refresh)
  if (total === 0) return null
  return (
    <section className="panel dead" id="undelivered">
      <h2>{count(total, 'message')} that could not be delivered</h2>
      <ul className="deliveries">
        {messages.map((message) => (
          <li key={message.id} className="dead">
            <b>{message.channel}</b>{' '}
            {message.alertId ? <Link to={alertPath(message.alertId)}>{message.title}</Link> : message.title}:{' '}
            <DeliveryState delivery={message} />{' '}
            <button type="button" onClick={() => void retry(message.id).catch(setError)}>
              Try again
            </button>
          </li>
        ))}
        {messages.length < total && <li className="quiet">and {total - messages.length} older ones</li>}
      </ul>
      {error && <ErrorWords error={error} />}
    </section>
  )
}

function DeliveryState({ delivery: { state, sentAt, dueAt, createdAt, attempts, lastError } }: { delivery: Delivery }) {
  if (state === 'sent')
    return (
      <>
        taken <Time at={sentAt ?? createdAt} />
      </>
    )
  if (state === 'dead')
    return (
      <strong>
        given up after {count(attempts, 'attempt')}. {lastError}
      </strong>
    )
  if (attempts === 0) return <>on its way</>
  return (
    <>
      waits after {count(attempts, 'attempt')}, next <Time at={dueAt} />. {lastError}
    </>
  )
}
