import type { InspectedFunction, Shown } from '../events.js';
import { written } from './diff.js';
import { fill, h, size } from './dom.js';
import { type Answer, run, sendRequest } from './host.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** A form that sends a request to an HTTP function. */
export function requestForm({
  name,
  route = '',
  methods = METHODS,
}: InspectedFunction): HTMLElement {
  const method = h('select', {}, ...methods.map((one) => h('option', {}, one)));
  const parameters = parametersOf(route).map(({ text, name: parameter, isOptional }) => ({
    text,
    parameter,
    input: h('input', { type: 'text', required: !isOptional, autocomplete: 'off' }),
  }));
  const query = pairs('query parameter');
  const headers = pairs('header');
  const body = h('textarea', { rows: 4, spellcheck: false });
  const file = h('input', { type: 'file' });
  return form(
    'Send',
    [
      h(
        'div',
        { className: 'line' },
        field('Method', method),
        ...parameters.map(({ parameter, input }) => field(parameter, input)),
      ),
      group('Query', query.element),
      group('Headers', headers.element),
      field('Body', body),
      field('File, in place of the body', file),
    ],
    async () => {
      const path = parameters.reduce(
        (before, { text, input }) =>
          before.replace(text, input.value.split('/').map(encodeURIComponent).join('/')),
        `/${route}`,
      );
      const search = new URLSearchParams(query.values()).toString();
      const [chosen] = file.files ?? [];
      const bytes = chosen
        ? new Uint8Array(await chosen.arrayBuffer())
        : new TextEncoder().encode(body.value);
      const type = chosen?.type ?? (isJson(body.value) ? 'application/json' : 'text/plain');
      const sent = Object.fromEntries(headers.values());
      const hasType = Object.keys(sent).some((one) => one.toLowerCase() === 'content-type');
      const answer = await sendRequest({
        method: method.value,
        path: path.replace(/(.)\/+$/, '$1') + (search && `?${search}`),
        headers: { ...(bytes.length > 0 && !hasType && type && { 'content-type': type }), ...sent },
        ...(bytes.length > 0 && { body: base64(bytes) }),
      });
      return answerView(name, answer);
    },
  );
}

/** A form that runs any function by hand. */
export function runForm({ name, trigger, inputs }: InspectedFunction): HTMLElement {
  const isBlob = trigger.toLowerCase() === 'blobtrigger';
  const input = h('textarea', { rows: 3, spellcheck: false });
  const content = h('textarea', { rows: 3, spellcheck: false });
  const metadata = h('textarea', {
    rows: 2,
    spellcheck: false,
    placeholder: '{ "messageId": "1" }',
  });
  const others = inputs.map((type) => ({
    type,
    input: h('textarea', { rows: 2, spellcheck: false }),
  }));
  return form(
    'Run',
    [
      field(isBlob ? 'Path of the blob' : 'Input', input),
      ...(isBlob ? [field('Content', content)] : []),
      field('Metadata, as JSON', metadata),
      ...others.map((one) => field(`Other input: ${one.type}`, one.input)),
    ],
    async () => {
      const supplied = others.filter((one) => one.input.value !== '');
      const trial: Record<string, Shown> = {
        ...(input.value !== '' && { input: input.value }),
        ...(isBlob && { content: content.value }),
        ...(metadata.value.trim() !== '' && { triggerMetadata: objectFrom(metadata.value) }),
        ...(supplied.length > 0 && {
          inputs: Object.fromEntries(supplied.map((one) => [one.type, valueFrom(one.input.value)])),
        }),
      };
      const { invocation } = await run(name, trial);
      return [h('p', {}, 'It runs. ', seeLink(invocation))];
    },
  );
}

function form(
  verb: string,
  fields: readonly HTMLElement[],
  submit: () => Promise<(HTMLElement | false)[]>,
): HTMLElement {
  const button = h('button', { type: 'submit', className: 'primary' }, verb);
  const answer = h('div', { className: 'answer', attributes: { role: 'status' } });
  const element = h('form', {}, ...fields, h('div', { className: 'actions' }, button), answer);
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      fill(answer, ...(await submit()));
    } catch (error) {
      fill(answer, h('p', { className: 'problem' }, (error as Error).message));
    } finally {
      button.disabled = false;
    }
  });
  return element;
}

function answerView(name: string, { status, invocation, body }: Answer): (HTMLElement | false)[] {
  return [
    h(
      'p',
      {},
      `Answered ${status}. `,
      invocation === undefined ? `${name} was not called. ` : seeLink(invocation),
    ),
    body !== undefined && body.bytes > 0 && h('pre', {}, body.text ?? size(body.bytes)),
  ];
}

function seeLink(invocation: string): HTMLElement {
  return h('a', { href: `#/invocations/${invocation}` }, 'See what ran');
}

function field(label: string, input: HTMLElement): HTMLElement {
  return h('label', { className: 'field' }, h('span', {}, label), input);
}

function group(label: string, ...content: HTMLElement[]): HTMLElement {
  return h('fieldset', {}, h('legend', {}, label), ...content);
}

/** Names with values, as many as one likes. */
function pairs(what: string): { element: HTMLElement; values: () => [string, string][] } {
  const rows: [HTMLInputElement, HTMLInputElement][] = [];
  const list = h('div', { className: 'pairs' });
  const add = h('button', { type: 'button', className: 'quiet-button' }, `Add a ${what}`);
  add.addEventListener('click', () => {
    const [key, value] = ['name', 'value'].map((part) =>
      h('input', {
        type: 'text',
        autocomplete: 'off',
        placeholder: part,
        attributes: { 'aria-label': `${what}: ${part}` },
      }),
    ) as [HTMLInputElement, HTMLInputElement];
    const row = [key, value] as [HTMLInputElement, HTMLInputElement];
    const remove = h(
      'button',
      {
        type: 'button',
        className: 'quiet-button',
        attributes: { 'aria-label': `Remove this ${what}` },
      },
      '×',
    );
    const line = h('div', { className: 'pair' }, key, value, remove);
    remove.addEventListener('click', () => {
      rows.splice(rows.indexOf(row), 1);
      line.remove();
      add.focus();
    });
    rows.push(row);
    list.append(line);
    key.focus();
  });
  return {
    element: h('div', {}, list, add),
    values: () =>
      rows
        .map(([key, value]) => [key.value.trim(), value.value] as [string, string])
        .filter(([key]) => key !== ''),
  };
}

/** `{id:int}`, `{name?}`, `{*path}`, `{text=abc}`. */
function parametersOf(route: string): { text: string; name: string; isOptional: boolean }[] {
  return [...route.matchAll(/\{(\**)(\w+)((?:\{\{|\}\}|[^{}])*)\}/g)].map(
    ([text, stars = '', name = '', rest = '']) => ({
      text,
      name,
      isOptional: stars !== '' || rest.endsWith('?') || rest.includes('='),
    }),
  );
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** JSON, or else the text itself. */
function valueFrom(text: string): Shown {
  return isJson(text) ? (JSON.parse(text) as Shown) : text;
}

function objectFrom(text: string): Shown {
  if (!isJson(text)) {
    throw new Error(`The metadata is no JSON object: ${written(text)}`);
  }
  return JSON.parse(text) as Shown;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
