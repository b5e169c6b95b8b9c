import { parseQuery } from '../../src/http-rules/index.js';
import { toConstraint } from '../../src/routing/constraints.js';
import { compileTemplate } from '../../src/routing/match.js';
import { parseTarget } from '../../src/routing/target.js';

/** What is asked, and what the local host for Node.js makes of it; `refused` for a template that is wrong. */
export type RouteCase = [kind: string, first: string, second: string, expected: unknown];

const PIECES = {
  template:
    '{a} {b} {a:int} {b:alpha} {*r} {**s} {a?} {b=7} {c.?} {a:range(1,9)} {b:regex(^a+$)} {c:length(2)} {a:min(2):max(5)} .{e?} {d:nosuch} x a . - / / : { } {{ }} ? ~ = ( ) *'.split(
      ' ',
    ),
  path: '/ / a 1 12 x . - b aa 7 %2F é A'.split(' '),
  number: [
    '1',
    '5',
    '0',
    '-',
    '+',
    '.',
    ',',
    'e',
    'E',
    ' ',
    '\t',
    'NaN',
    'infinity',
    'x',
    '2147483648',
    '79228162514264337593543950335',
  ],
  text: [
    'true',
    'FALSE',
    ' ',
    '\n',
    'a',
    '.',
    '/',
    'd85b1407-351d-4694-9392-03acc5870eb1',
    '{',
    '}',
    '0x',
  ],
  query: 'a = & % 41 %ff %C3%A9 + A é %2F %e2%82 %00 b / .. /./ %2e ? *'.split(' '),
};

const CONSTRAINTS =
  'int long bool guid double float decimal alpha file nonfile required min(3) max(5) range(1,7) minlength(2) maxlength(3) length(2) length(1,3)'.split(
    ' ',
  );

/** Questions made up of pieces. The same seed makes the same. */
export function randomRoutes(seed: number, count: number): RouteCase[] {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
  const made = (pieces: readonly string[], most: number) =>
    Array.from({ length: below(most) + 1 }, () => pieces[below(pieces.length)]).join('');
  return Array.from({ length: count }, (): RouteCase[] => {
    const [template, path] = [made(PIECES.template, 7), `/${made(PIECES.path, 7)}`];
    const value = made(below(2) ? PIECES.number : PIECES.text, 4);
    const constraint = CONSTRAINTS[below(CONSTRAINTS.length)] ?? '';
    const query = made(PIECES.query, 6);
    return [
      ['match', template, path, refused(() => withNull(compileTemplate(template).match(path)))],
      ['constraint', constraint, value, refused(() => toConstraint(constraint)(value))],
      ['query', query, '', withoutEmpty(parseQuery(`?${query}`))],
      ['target', `/${query}`, '', parseTarget(`/${query}`)?.path ?? null],
    ];
  }).flat();
}

function refused(answer: () => unknown): unknown {
  try {
    return answer();
  } catch {
    return 'refused';
  }
}

/** As JSON has it. */
function withNull(values: Record<string, string | undefined> | undefined): unknown {
  return (
    (values &&
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null]))) ??
    null
  );
}

/** The Python worker is not told of parameters without a value. */
function withoutEmpty(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}
