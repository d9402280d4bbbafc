import { escapeHtml } from '../lib/escapeHtml.ts'
import type { Message } from '../model/message.ts'
import type { Severity } from '../model/severity.ts'
import { contextLine } from './contextLine.ts'

const colours: Record<Severity, string> = {
  info: '#6b7280',
  low: '#2f6fa8',
  medium: '#b58100',
  high: '#cc4a14',
  critical: '#b3001b',
}

/** The mail as HTML that mail programs of any age show alike: one column, inline styles, nothing loaded. */
export function emailHtml(message: Message): string {
  const { title, sentences, advice, facts, links, severity } = message
  const body = [
    `<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escapeHtml(title)}</h1>`,
    ...sentences.map((sentence) => paragraph(escapeHtml(sentence))),
    ...(advice ? [paragraph(`<strong>What to do:</strong> ${escapeHtml(advice)}`)] : []),
    ...(facts.length > 0 ? [table(facts)] : []),
    ...(links.length > 0 ? [paragraph(links.map(link).join(' &middot; '))] : []),
    `<p style="margin:24px 0 0;font-size:13px;opacity:.75">${escapeHtml(contextLine(message))}</p>`,
  ]
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:640px;margin:0 auto;padding-left:16px;border-left:4px solid ${colours[severity]}">
${body.join('\n')}
</div>
</body>
</html>
`
}

function paragraph(html: string): string {
  return `<p style="margin:0 0 16px">${html}</p>`
}

function table(facts: Message['facts']): string {
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><th scope="row" style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;opacity:.75">${escapeHtml(name)}</th>` +
      `<td style="padding:2px 0;font-family:ui-monospace,monospace;font-size:14px;overflow-wrap:anywhere">${escapeHtml(value)}</td></tr>`,
  )
  return `<table style="margin:0 0 16px;border-collapse:collapse">\n${rows.join('\n')}\n</table>`
}

function link({ title, url }: Message['links'][number]): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(title)}</a>`
}
