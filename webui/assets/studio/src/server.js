// Talking to our own server: JSON back, an `Answer` error with the server's sentence when it refuses.

/** A refusal of the server; `status` is that of HTTP, `body` what it sent. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.text ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Return the JSON at `url`. */
export async function get(url) {
  return read(await fetch(url, { headers: { Accept: 'application/json' } }));
}

/** Return the text at `url`. */
export async function text(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Refusal(answer.status, {});
  return answer.text();
}

/** Send `fields` as a form, `xml` as a file in it, and return the JSON that comes back; throws `Refusal`. */
export async function post(url, { xml, ...fields }, csrf) {
  const body = new FormData();
  body.set('xml', new Blob([xml], { type: 'application/xml' }), 'diagram.bpmn');
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return read(await fetch(url, { method: 'POST', body, headers: { Accept: 'application/json', 'X-CSRFToken': csrf } }));
}

async function read(answer) {
  const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
  const body = isJson ? await answer.json() : {};
  if (!answer.ok || !isJson) throw new Refusal(answer.status, body);
  return body;
}
