import assert from 'node:assert/strict';
import { compileTemplate } from '../../src/routing/match.js';

type Values = Record<string, string | undefined> | undefined;

/** By template: paths with the values that they give; undefined where they do not match. */
const MATCHES: Record<string, Record<string, Values>> = {
  'api/products': {
    '/api/products': {},
    '/API/Products': {},
    '/api/products/': {},
    '/api/products//': undefined,
    '//api/products': undefined,
    '/api//products': undefined,
    '/api/product': undefined,
    '/api/products/1': undefined,
    '/': undefined,
    '': undefined,
  },
  'api/products/': { '/api/products': {}, '/api/products/': {} },
  'api/straße/ÅÄ/ǆ/a b': {
    '/api/STRAßE/åä/Ǆ/A B': {},
    '/api/strasse/ÅÄ/ǆ/a b': undefined,
  },
  'api/ı/ſ': { '/api/ı/ſ': {}, '/api/I/ſ': undefined, '/api/ı/S': undefined },
  'api/{id}': {
    '/api/5': { id: '5' },
    '/api/5/': { id: '5' },
    '/api/a b': { id: 'a b' },
    '/api/%2F': { id: '%2F' },
    '/api': undefined,
    '/api/': undefined,
    '/api//': undefined,
    '/api/5/6': undefined,
  },
  'api/{id?}': { '/api': {}, '/api/': {}, '/api/5': { id: '5' }, '/api//': undefined },
  'api/{id=7}': { '/api': { id: '7' }, '/api/5': { id: '5' } },
  'api/{id=}': { '/api': { id: '' } },
  'api/{a=1}/{b=2}': {
    '/api': { a: '1', b: '2' },
    '/api/x': { a: 'x', b: '2' },
    '/api/x/y': { a: 'x', b: 'y' },
  },
  'api/{a=1}/{b}': { '/api': undefined, '/api/x': undefined, '/api/x/y': { a: 'x', b: 'y' } },
  'api/{a?}/b': { '/api/b': undefined, '/api/a/b': { a: 'a' } },
  'api/{*rest}': {
    '/api': { rest: undefined },
    '/api/': { rest: undefined },
    '/api/a': { rest: 'a' },
    '/api/a/b': { rest: 'a/b' },
    '/api/a/': { rest: 'a/' },
    '/api/a//b/': { rest: 'a//b/' },
    '/api//a': undefined,
  },
  'api/{**rest}': { '/api/a/b': { rest: 'a/b' } },
  'api/{*rest=x/y}': { '/api': { rest: 'x/y' }, '/api/z': { rest: 'z' } },
  'api/{*rest:required}': { '/api': undefined, '/api/a/b': { rest: 'a/b' } },
  'api/{*rest:file}': { '/api/a.b/c': undefined, '/api/a/b.c': { rest: 'a/b.c' } },
  '{*rest}': { '/': { rest: undefined }, '/a': { rest: 'a' } },
  'api/{id:int}': {
    '/api/5': { id: '5' },
    '/api/+5': { id: '+5' },
    '/api/ 5': { id: ' 5' },
    '/api/x': undefined,
    '/api/2147483648': undefined,
  },
  'api/{id:int?}': { '/api': {}, '/api/x': undefined, '/api/1': { id: '1' } },
  'api/{id:int=x}': { '/api': undefined, '/api/1': { id: '1' } },
  'api/{id:int:min(3):max(5)}': { '/api/2': undefined, '/api/4': { id: '4' }, '/api/6': undefined },
  'api/{id::int}': { '/api/x': undefined, '/api/1': { id: '1' } },
  'api/{id:regex(^\\d{{2}}$)}': { '/api/12': { id: '12' }, '/api/123': undefined },
  'api/{id:regex(^a/b:c=d$)}': { '/api/a': undefined },
  'api/{id:regex(^(a=|b:)$)=a=}': { '/api': { id: 'a=' }, '/api/b:': { id: 'b:' } },
  'api/{id:regex(^x$)?}': { '/api': {}, '/api/x': { id: 'x' } },
  'api/{a}-{b}': {
    '/api/x-y': { a: 'x', b: 'y' },
    '/api/x-y-z': { a: 'x-y', b: 'z' },
    '/api/x--y': { a: 'x-', b: 'y' },
    '/api/-y': undefined,
    '/api/x-': undefined,
    '/api/x': undefined,
    '/api/x--': { a: 'x', b: '-' },
  },
  'api/v{version}': {
    '/api/v1': { version: '1' },
    '/api/V1': { version: '1' },
    '/api/v': undefined,
    '/api/xv1': undefined,
  },
  'api/{id}ab': {
    '/api/1ab': { id: '1' },
    '/api/1AB': { id: '1' },
    '/api/1abc': undefined,
    '/api/ab': undefined,
  },
  'api/a{x}b{y}c': {
    '/api/a1b2c': { x: '1', y: '2' },
    '/api/abbbc': { x: 'b', y: 'b' },
    '/api/abc': undefined,
    '/api/a1b2cc': { x: '1', y: '2c' },
    '/api/-b2c': undefined,
  },
  'api/{name}.{ext?}': {
    '/api/a': { name: 'a' },
    '/api/a.txt': { name: 'a', ext: 'txt' },
    '/api/a.b.txt': { name: 'a.b', ext: 'txt' },
    '/api/a.': undefined,
    '/api/.txt': { name: '.txt' },
    '/api/a..': { name: 'a', ext: '.' },
  },
  'api/{name}.{ext:alpha?}': {
    '/api/a.1': undefined,
    '/api/a.b': { name: 'a', ext: 'b' },
    '/api/a': { name: 'a' },
  },
  'api/{{x}}': { '/api/{x}': {}, '/api/x': undefined },
  'api/a{{{b}-}}c': { '/api/a{1-}c': { b: '1' } },
  'api/{ a }': { '/api/1': { ' a ': '1' } },
  'api/{=x}': { '/api/1': { '=x': '1' } },
  'api/{Id}': { '/api/1': { Id: '1' } },
  '/api': { '/api': {} },
  '~/api': { '/api': {} },
  '': { '/': {}, '': {}, '/a': undefined },
};

/** Templates that ASP.NET refuses, with what the reason has to say. */
const REFUSED: Record<string, RegExp> = {
  '//a': /slashes/,
  'a//b': /slashes/,
  'a//': /slashes/,
  '~a': /"~"/,
  '{a': /not closed/,
  '{': /without its counterpart|not closed/,
  'a{{{b}}}c': /not a name/,
  'a}': /counterpart/,
  'a{': /counterpart/,
  '}': /counterpart/,
  '{}': /not a name/,
  '{*}': /not a name/,
  '{?}': /not a name/,
  '{***a}': /not a name/,
  '{a?=1}': /not a name/,
  '{a*}': /not a name/,
  '{a/b}': /not a name/,
  '{a{b}': /braces/,
  '{a}}': /not closed/,
  '{a:regex(^\\d{3}$)}': /braces/,
  '{a}{b}': /follow each other/,
  'x{a}{b}': /follow each other/,
  '{*a}/b': /last segment/,
  '{*a}-b': /whole segment/,
  'b-{*a}': /whole segment/,
  '{*a?}': /optional/,
  '{a=1?}': /default/,
  '{a}/{a}': /twice/,
  '{a}/{A}': /twice/,
  'a?': /"\?"/,
  '{a}-{b?}': /point/,
  '{a?}-b': /end of its segment/,
  '{a?}.{b}': /end of its segment/,
  '{a}.x.{b?}': /point/,
  '{a:unknown}': /no constraint "unknown"/,
  '{a:int(1)}': /arguments/,
  '{a:range(1)}': /arguments/,
};

describe('template', () => {
  for (const [template, paths] of Object.entries(MATCHES)) {
    it(`${template || '(empty)'} matches as ASP.NET's`, () => {
      const matcher = compileTemplate(template);
      for (const [path, expected] of Object.entries(paths)) {
        const values = matcher.match(path);
        assert.deepEqual(values && { ...values }, expected, path);
      }
    });
  }

  for (const [template, reason] of Object.entries(REFUSED)) {
    it(`${template} is refused`, () => assert.throws(() => compileTemplate(template), reason));
  }
});
