import type { InspectorEvent } from '../events.js';
import { byId } from './dom.js';
import { ExtensionsView } from './extensions.js';
import { FunctionsView } from './functions.js';
import { InvocationsView } from './invocations.js';
import { whenNothingIsPressed } from './press.js';
import { type Invocation, Store } from './store.js';

const store = new Store();
const views = {
  invocations: new InvocationsView(store),
  functions: new FunctionsView(store),
  extensions: new ExtensionsView(store),
};
let shown: keyof typeof views | undefined;

/** Events come in bursts. What they change is shown once for each frame. */
let pending: InspectorEvent[] = [];

function take(event: InspectorEvent): void {
  if (pending.push(event) === 1) {
    const soon = () => whenNothingIsPressed(show);
    // Where the page is hidden there are no frames.
    if (document.hidden) {
      setTimeout(soon, 100);
    } else {
      requestAnimationFrame(soon);
    }
  }
}

function show(): void {
  const changed = new Set<Invocation>();
  for (const event of pending) {
    const invocation = store.take(event);
    if (invocation) {
      changed.add(invocation);
    }
  }
  pending = [];
  // Of a burst, some may already be too old to be kept.
  views.invocations.update(new Set([...changed].filter(({ id }) => store.invocations.has(id))));
  showApp();
}

function showApp(): void {
  const name = store.app?.root.split(/[\\/]/).at(-1);
  if (name !== undefined) {
    byId('app-name').textContent = name;
    document.title = `${name} · Local host`;
  }
  if (shown === 'functions' || shown === 'extensions') {
    views[shown].update();
  }
}

/** Shows what the address says: `#/invocations/<id>`. */
function route(): void {
  const [, first = '', id] = location.hash.split('/');
  const view = Object.hasOwn(views, first) ? (first as keyof typeof views) : 'invocations';
  if (view !== shown) {
    byId('view').replaceChildren(views[view].element);
    shown = view;
  }
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#/${view}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (view === 'invocations') {
    views.invocations.select(id);
  }
  showApp();
}

function connect(): void {
  const state = byId('connection');
  const source = new EventSource('/admin/inspector/events');
  source.addEventListener('open', () => {
    // The host sends all that it has kept.
    store.clear();
    views.invocations.clear();
    pending = [];
    state.textContent = 'Live';
    state.className = 'live';
    show();
  });
  source.addEventListener('error', () => {
    state.textContent = 'The host does not answer';
    state.className = 'lost';
    // The browser tries again by itself, but not after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(connect, 1000);
    }
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) =>
    take(JSON.parse(data) as InspectorEvent),
  );
}

addEventListener('hashchange', route);
route();
connect();
