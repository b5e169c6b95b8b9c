import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileTemplate } from '../../src/routing/match.js';
import { toUpperOrdinal } from '../../src/routing/ordinal.js';
import { parseTarget } from '../../src/routing/target.js';

/** A value of a parameter: no slash, since a path could not carry it. */
const value = fc
  .string({ minLength: 1, maxLength: 8, unit: 'binary' })
  .filter((text) => !/[/\0\p{Surrogate}]/u.test(text) && text !== '.' && text !== '..');

const literal = fc.stringMatching(/^[a-z][a-z \d]{0,4}$/);

/** A segment of a template, its values, and what they make of it. */
interface Piece {
  template: string;
  text: string;
  values: Record<string, string>;
}

const piece = (index: number): fc.Arbitrary<Piece> =>
  fc.oneof(
    literal.map((text) => ({ template: text, text, values: {} })),
    value.map((text) => ({ template: `{p${index}}`, text, values: { [`p${index}`]: text } })),
    // As in ASP.NET, a literal is looked for from the right, and has to be found at the beginning.
    fc
      .tuple(literal, value)
      .filter(([before, text]) => {
        const whole = toUpperOrdinal(before + text);
        return whole.lastIndexOf(toUpperOrdinal(before), whole.length - before.length - 1) === 0;
      })
      .map(([before, text]) => ({
        template: `${before}{p${index}}`,
        text: `${before}${text}`,
        values: { [`p${index}`]: text },
      })),
    fc
      .tuple(
        value,
        value.filter((text) => !text.includes('~')),
      )
      .map(([first, second]) => ({
        template: `{p${index}}~{q${index}}`,
        text: `${first}~${second}`,
        values: { [`p${index}`]: first, [`q${index}`]: second },
      })),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((number) => ({
      template: `{p${index}:int}`,
      text: String(number),
      values: { [`p${index}`]: String(number) },
    })),
    fc.uuid().map((text) => ({
      template: `{p${index}:guid}`,
      text,
      values: { [`p${index}`]: text },
    })),
  );

const pieces = fc
  .integer({ min: 1, max: 4 })
  .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => piece(index))));

describe('any template', () => {
  it('finds the values that a URL was made of', () => {
    fc.assert(
      fc.property(pieces, fc.boolean(), (parts, hasSlash) => {
        const template = parts.map((part) => part.template).join('/');
        const path = parts.map((part) => encodeURIComponent(part.text)).join('/');
        const target = parseTarget(`/${path}${hasSlash ? '/' : ''}`);
        const expected = Object.assign({}, ...parts.map((part) => part.values)) as object;
        const values = compileTemplate(template).match(target?.path ?? '');
        assert.deepEqual(values && { ...values }, expected);
      }),
    );
  });

  it('ignores the case of its literals', () => {
    fc.assert(
      fc.property(fc.array(literal, { minLength: 1, maxLength: 4 }), (literals) => {
        const matcher = compileTemplate(literals.join('/'));
        assert.ok(matcher.match(`/${literals.join('/').toUpperCase()}`));
      }),
    );
  });

  it('hands on the whole rest to a catch-all', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (parts) => {
        const rest = parts.join('/');
        assert.equal(compileTemplate('a/{*rest}').match(`/a/${rest}`)?.['rest'], rest);
      }),
    );
  });

  it('is taken apart or refused, but never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a1{}/:=?*.()-~[]\\^$int') }), (text) => {
        try {
          compileTemplate(text).match('/a/1');
        } catch (error) {
          assert.match(String(error), /^Error: /);
          assert.match((error as Error).constructor.name, /^(?:Template|Constraint)Error$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is matched with any path without an error', () => {
    fc.assert(
      fc.property(pieces, fc.webPath(), (parts, path) => {
        const target = parseTarget(path || '/');
        compileTemplate(parts.map((part) => part.template).join('/')).match(target?.path ?? '/');
      }),
    );
  });
});

describe('any path', () => {
  it('comes back from its escaped form', () => {
    fc.assert(
      fc.property(value, (text) => {
        assert.equal(parseTarget(`/${encodeURIComponent(text)}`)?.path, `/${text}`);
      }),
    );
  });

  it('has no dot segments, whatever came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('.', '..', '%2e', '%2E.', 'a', '', '%2F', '...'), {
          maxLength: 8,
        }),
        (parts) => {
          const path = parseTarget(`/${parts.join('/')}`)?.path ?? '';
          assert.doesNotMatch(path, /\/\.{1,2}(?:\/|$)/);
          assert.match(path, /^\//);
        },
      ),
    );
  });
});
