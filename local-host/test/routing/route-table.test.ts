import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildRoutes, type FunctionToRoute, type RoutingOptions } from '../../src/routing/index.js';

function http(name: string, route?: unknown, methods?: unknown): FunctionToRoute {
  return { name, trigger: { type: 'httpTrigger', route, methods } };
}

function timer(name: string): FunctionToRoute {
  return { name, trigger: { type: 'timerTrigger' } };
}

function build(functions: FunctionToRoute[], options: Partial<RoutingOptions> = {}) {
  return buildRoutes(functions, { routePrefix: 'api', ...options });
}

/** Names of functions in error with the reasons. */
function errorsOf(functions: FunctionToRoute[], options?: Partial<RoutingOptions>) {
  return [...build(functions, options).inError].map(([{ name }, reason]) => [name, reason]);
}

/** Name of the function that answers; or what becomes of the request. */
function answer(functions: FunctionToRoute[], method: string, path: string) {
  const match = build(functions).match(method, path);
  return match.kind === 'function' ? match.route.function.name : match.kind;
}

describe('routes', () => {
  for (const [what, route, routePrefix, template] of [
    ['the name by default', undefined, 'api', 'api/Hello'],
    ['the name for null', null, 'api', 'api/Hello'],
    ['the name for an empty route', '', 'api', 'api/Hello'],
    ['the name for a blank route', '  ', 'api', 'api/Hello'],
    ['a route', 'a/{b}', 'api', 'api/a/{b}'],
    ['a number', 5, 'api', 'api/5'],
    ['no prefix', 'a', '', 'a'],
    ['a prefix with parameters', 'a', 'v{version}/x', 'v{version}/x/a'],
    ['a prefix with a slash before it', 'a', '/api', '/api/a'],
    ['a slash before the route, without a prefix', '/a', '', '/a'],
  ] as const) {
    it(`can be ${what}`, () => {
      const table = build([http('Hello', route)], { routePrefix });
      assert.equal(table.stops, undefined);
      assert.equal(table.routes[0]?.template, template);
      const path = `/${template.replace(/^\//, '').replace(/\{\w+\}/g, '1')}`;
      assert.equal(table.match('GET', path).kind, 'function', path);
    });
  }

  for (const [what, functions, routePrefix] of [
    ['a slash before a route', [http('Hello', '/a')], 'api'],
    ['two slashes in a route', [http('Hello', 'a//b')], 'api'],
    ['a slash as the route', [http('Hello', '/')], 'api'],
    ['a prefix that ends in a slash', [http('Hello')], 'api/'],
    ['a slash as the prefix', [http('Hello')], '/'],
    ['an open brace', [http('Hello', '{a')], 'api'],
    ['a wrong constraint', [http('Hello', '{a:integer}')], 'api'],
    ['a parameter that the prefix has', [http('Hello', '{a}')], '{a}'],
    ['a tilde without a prefix', [http('Hello', '~a')], ''],
  ] as const) {
    it(`stop the host: ${what}`, () => {
      const table = build([...functions, http('Other')], { routePrefix });
      assert.match(table.stops ?? '', /^The function "(?:Hello|Other)" has a wrong route .+\.$/);
      assert.equal(table.match('GET', '/api/Other').kind, 'none');
    });
  }

  it('are not checked without an HTTP function', () => {
    assert.equal(build([timer('Clock')], { routePrefix: 'api/' }).stops, undefined);
  });

  for (const name of [
    '',
    '1a',
    '_a',
    '-a',
    'a b',
    'a.b',
    'ä',
    'aä',
    'host',
    'HOST',
    'a'.repeat(129),
    'a\n',
  ]) {
    it(`put a function in error for its name: ${JSON.stringify(name).slice(0, 20)}`, () => {
      assert.deepEqual(
        errorsOf([http(name, 'x'), timer('Clock')]).map(([found]) => found),
        [name],
      );
    });
  }

  for (const name of ['a', 'A1', 'a-b_c', 'hosts', 'a'.repeat(128)]) {
    it(`accept the name ${name.slice(0, 20)}`, () => assert.deepEqual(errorsOf([timer(name)]), []));
  }

  it('put the second of two names in error that differ in case', () => {
    assert.deepEqual(errorsOf([timer('hello'), http('Hello', 'x')]), [
      ['Hello', 'Its name differs from "hello" in case only.'],
    ]);
    assert.deepEqual(
      errorsOf([http('Hello', 'x'), timer('hello')]).map(([name]) => name),
      ['hello'],
    );
  });

  for (const [name, route] of [
    ['a', 'admin'],
    ['a', 'Admin/x'],
    ['a', 'administration'],
    ['a', 'runtime'],
    ['a', 'RuntimeInfo/{x}'],
    ['adminReport', undefined],
    ['runtimes', ''],
    ['a', 'admin/{a:unknown}'],
    ['a', '/admin'],
  ] as const) {
    it(`put a function in error for its route: ${route ?? name}`, () => {
      const table = build([http(name, route), http('Other', 'other')]);
      assert.match([...table.inError.values()][0] ?? '', /keeps for itself/);
      assert.equal(table.stops, undefined);
      assert.equal(table.match('GET', '/api/other').kind, 'function');
    });
  }

  for (const route of ['my/admin', '{admin}', 'adm']) {
    it(`accept the route ${route}`, () => assert.deepEqual(errorsOf([http('a', route)]), []));
  }

  for (const [what, a, b, isDuplicate] of [
    ['the same', http('a', 'x', ['GET']), http('b', 'x', ['GET']), true],
    ['another case', http('a', 'x/Y', ['GET']), http('b', 'X/y', ['GET']), true],
    ['slashes', http('a', 'x', ['GET']), http('b', 'x/', ['GET']), true],
    ['other methods', http('a', 'x', ['GET']), http('b', 'x', ['POST']), false],
    ['common methods', http('a', 'x', ['GET', 'PUT']), http('b', 'x', ['PUT']), true],
    ['methods in another case', http('a', 'x', ['get']), http('b', 'x', ['GET']), false],
    ['any method', http('a', 'x'), http('b', 'x', ['PUT']), true],
    ['an empty list of methods', http('a', 'x', []), http('b', 'x', ['PUT']), true],
    ['other names of parameters', http('a', '{x}'), http('b', '{y}'), false],
    ['a route that is a name', http('a', 'b'), http('b'), true],
  ] as const) {
    it(`${isDuplicate ? 'refuse' : 'accept'} two functions: ${what}`, () => {
      assert.deepEqual(
        errorsOf([b, a]).map(([name]) => name),
        isDuplicate ? ['b'] : [],
      );
    });
  }

  it('put a function in error whose options have another type', () => {
    assert.deepEqual(
      errorsOf([http('a', ['x']), http('b', {}), http('c', 'c', 'GET'), http('d', 'd', [1])]).map(
        ([name]) => name,
      ),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('leave out functions that host.json does not list', () => {
    const table = build([http('a', 'x'), http('b', 'x'), http('1', 'y')], { functions: ['B'] });
    assert.deepEqual(
      table.excluded.map(({ name }) => name),
      ['1', 'a'],
    );
    assert.deepEqual(
      table.functions.map(({ name }) => name),
      ['b'],
    );
    assert.equal(table.inError.size, 0);
  });

  it('are tried in the order of the names, ignoring their case', () => {
    const functions = [
      http('r2', 'items/special'),
      http('R1', 'items/{id}'),
      http('r_', 'r_'),
      http('Rz', 'rz'),
      timer('Q'),
    ];
    const table = build(functions);
    assert.deepEqual(
      table.functions.map(({ name }) => name),
      ['Q', 'R1', 'r2', 'Rz', 'r_'],
    );
    assert.equal(answer(functions, 'GET', '/api/items/special'), 'R1');
  });

  it('go on to the next function where the method does not match', () => {
    const functions = [http('a', 'x', ['POST']), http('b', '{y}', ['GET'])];
    assert.equal(answer(functions, 'GET', '/api/x'), 'b');
    assert.equal(answer(functions, 'post', '/api/x'), 'a');
  });

  it('tell a wrong method from a wrong path', () => {
    const table = build([http('a', 'x', ['GET', 'put']), http('b', '{y}', ['POST', 'PUT'])]);
    const match = table.match('DELETE', '/api/x');
    assert.ok(match.kind === 'method');
    assert.deepEqual(match.allowed, ['GET', 'PUT', 'POST']);
    assert.deepEqual(
      match.routes.map((route) => route.function.name),
      ['a', 'b'],
    );
    assert.equal(table.match('GET', '/api').kind, 'none');
    assert.equal(table.match('GET', '/other').kind, 'none');
  });

  it('take any method without a list, and none with an empty one', () => {
    assert.equal(answer([http('a')], 'PROPFIND', '/api/a'), 'a');
    assert.equal(answer([http('a', 'a', [])], 'GET', '/api/a'), 'method');
  });

  it('say which parameters are left out', () => {
    const table = build([http('a', 'a/{b}/{c?}/{d=1}'), http('e', 'e/{*f}')]);
    const match = table.match('GET', '/api/a/1');
    assert.ok(match.kind === 'function');
    assert.deepEqual(match.params, { b: '1', d: '1' });
    assert.deepEqual(match.absentParams, ['c']);
    const rest = table.match('GET', '/api/e');
    assert.ok(rest.kind === 'function');
    assert.deepEqual([rest.params, rest.absentParams], [{}, ['f']]);
  });

  for (const [what, a, b, path] of [
    [
      'a parameter before a literal',
      http('a', 'items/{id}'),
      http('b', 'items/special'),
      '/api/items/special',
    ],
    [
      'a literal before a parameter',
      http('a', 'items/special'),
      http('b', 'items/{id}'),
      '/api/items/special',
    ],
    ['crossed', http('a', '{x}/b'), http('b', 'a/{y}'), '/api/a/b'],
    ['a catch-all', http('a', '{*rest}'), http('b', 'x/{y:int}'), '/api/x/1'],
    [
      'constraints that have common values',
      http('a', '{x:int}'),
      http('b', '{y:min(50)}'),
      '/api/100',
    ],
    ['constraints without common values', http('a', '{x:int}'), http('b', '{y:bool}'), undefined],
    ['other methods', http('a', 'x', ['GET']), http('b', '{y}', ['POST']), undefined],
    ['methods in another case', http('a', 'x', ['get']), http('b', '{y}', ['GET']), '/api/x'],
    ['another literal', http('a', 'x/{y}'), http('b', 'z/{y}'), undefined],
    ['another length', http('a', 'x/{y}'), http('b', 'x/{y}/z'), undefined],
    ['an optional parameter', http('a', 'x/{y?}'), http('b', '{z}'), '/api/x'],
    ['a part of a segment', http('a', 'v{x}'), http('b', '{y}'), '/api/vx'],
    [
      'an extension',
      http('a', '{x}.{y?}'),
      http('b', '{z:guid}'),
      '/api/d85b1407-351d-4694-9392-03acc5870eb1',
    ],
  ] as const) {
    it(`warn of two functions for one request: ${what}`, () => {
      const { warnings, stops, inError } = build([b, a]);
      assert.deepEqual([stops, inError.size], [undefined, 0]);
      assert.equal(warnings.length, path === undefined ? 0 : 1);
      if (path !== undefined) {
        assert.ok(warnings[0]?.startsWith(`GET ${path} goes to "a" (`), warnings[0]);
        assert.match(warnings[0] ?? '', /not to "b" \(/);
      }
    });
  }

  describe('for any app', () => {
    const segment = fc.oneof(
      fc.constantFrom('a', 'B', 'items', 'x y', 'é'),
      fc.constantFrom('{p}', '{p:int}', '{p:alpha}', 'v{p}', '{p}-{q}', '{p:guid}'),
    );
    const route = fc
      .array(segment, { minLength: 1, maxLength: 3 })
      .map((segments) =>
        segments
          .map((text, index) => text.replace(/\{(\w)/g, (_, name: string) => `{${name}${index}`))
          .join('/'),
      );
    const app = fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-zA-Z][a-zA-Z\d]{0,2}$/), route), {
        minLength: 1,
        maxLength: 6,
        selector: ([name]) => name.toLowerCase(),
      })
      .map((entries) => entries.map(([name, one]) => http(name, one, ['GET'])));

    it('matches do not depend on the order of registration', () => {
      fc.assert(
        fc.property(
          app.chain((functions) =>
            fc.tuple(
              fc.constant(functions),
              fc.shuffledSubarray(functions, { minLength: functions.length }),
            ),
          ),
          fc.array(fc.constantFrom('a', 'b', 'items', '1', 'v2', 'x-1', 'X Y', 'É'), {
            maxLength: 3,
          }),
          ([functions, shuffled], parts) => {
            const path = `/api/${parts.join('/')}`;
            const [one, other] = [build(functions), build(shuffled)];
            const [a, b] = [one.match('GET', path), other.match('GET', path)];
            assert.equal(a.kind, b.kind);
            if (a.kind === 'function' && b.kind === 'function') {
              assert.equal(a.route.function, b.route.function);
              assert.deepEqual(a.params, b.params);
            }
            assert.deepEqual(one.warnings, other.warnings);
          },
        ),
      );
    });

    it('the first function in the order that matches alone is the one that answers', () => {
      fc.assert(
        fc.property(
          app,
          fc.array(fc.constantFrom('a', 'items', '1', 'v2', 'x-1'), { maxLength: 3 }),
          (functions, parts) => {
            const path = `/api/${parts.join('/')}`;
            const table = build(functions);
            const first = table.functions.find(
              (one) => build([one]).match('GET', path).kind === 'function',
            );
            const match = table.match('GET', path);
            assert.equal(match.kind === 'function' ? match.route.function : undefined, first);
          },
        ),
      );
    });

    it('the path that a warning names is matched by both functions', () => {
      fc.assert(
        fc.property(app, (functions) => {
          for (const warning of build(functions).warnings) {
            const [, path = '', winner, loser] =
              /^GET (\S+) goes to "(\w+)" .+ not to "(\w+)"/.exec(warning) ?? [];
            for (const name of [winner, loser]) {
              const alone = functions.filter((one) => one.name === name);
              assert.equal(build(alone).match('GET', decodeURI(path)).kind, 'function', warning);
            }
          }
        }),
      );
    });
  });
});
