import assert from 'node:assert/strict';
import { unmatched } from '../../src/unmatched.js';

interface Case {
  functions?: string[];
  triggers?: string[][];
  settings?: string[];
  local?: Record<string, string>;
  env?: Record<string, string>;
  listed?: string[];
}

/** What is reported of an app that has the functions `SendMail`, by HTTP, and `Orders`, by a queue. */
function reported({
  functions = [],
  triggers = [],
  settings = [],
  local = {},
  env = {},
  listed,
}: Case): string[] {
  const functionOf = (name: string, type: string) => ({
    name,
    bindings: {},
    trigger: { name: 'trigger', type, direction: 'in' as const },
  });
  return unmatched(
    {
      functions: [functionOf('SendMail', 'httpTrigger'), functionOf('Orders', 'queueTrigger')],
      named: [{ extension: 'Guard', functions, triggers, settings }],
    },
    { env: { ...local, ...env }, host: { functions: listed } as never },
    { localSettings: { values: new Map(Object.entries(local)) } as never },
  );
}

describe('what is named and matches nothing', () => {
  for (const [what, given, expected] of [
    ['a name in another case', { functions: ['sendmail', 'ORDERS'] }, []],
    [
      'a name that is misspelt',
      { functions: ['SendMal', 'SendMal'] },
      ['Guard: the app has no function "SendMal". Did you mean SendMail?'],
    ],
    [
      'a name in another style',
      { functions: ['send_mail'] },
      ['Guard: the app has no function "send_mail". Did you mean SendMail?'],
    ],
    ['a name like none', { functions: ['Health'] }, ['Guard: the app has no function "Health".']],
    ['one trigger of a list', { triggers: [['blobTrigger', 'QueueTrigger']] }, []],
    [
      'no trigger of a list',
      { triggers: [['blobTrigger', 'timerTrigger']] },
      ['Guard: the app has no function with a blobTrigger or a timerTrigger.'],
    ],
    ['a setting that is set', { settings: ['KEY'], local: { KEY: '1' } }, []],
    [
      'a setting of the environment',
      { settings: ['KEY'], local: { A: '' }, env: { KEY: '1' } },
      [],
    ],
    [
      'a setting that is misspelt',
      { settings: ['GUARD_API_KEY'], local: { GUARD_APIKEY: '1' } },
      ['Guard: local.settings.json does not set GUARD_API_KEY. Did you mean GUARD_APIKEY?'],
    ],
    [
      'a setting that is misspelt, and that the environment has',
      { settings: ['GUARD_API_KEY'], local: { GUARD_APIKEY: '1' }, env: { GUARD_API_KEY: '2' } },
      ['Guard: local.settings.json does not set GUARD_API_KEY. Did you mean GUARD_APIKEY?'],
    ],
    [
      'a setting that is empty',
      { settings: ['KEY'], local: { KEY: '', OTHER_SETTING: '1' } },
      ['Guard: local.settings.json does not set KEY.'],
    ],
    ['a setting in a fresh clone, without local.settings.json', { settings: ['KEY'] }, []],
    [
      'a function that is switched off',
      {
        local: { 'AzureWebJobs.Orders.Disabled': '1', AzureWebJobs_Order_Disabled: '1' },
      },
      ['AzureWebJobs_Order_Disabled: the app has no function "Order". Did you mean Orders?'],
    ],
    [
      'a function in host.json',
      { listed: ['Orders', 'Mail'] },
      ['"functions" of host.json: the app has no function "Mail".'],
    ],
  ] as const satisfies [string, Case, string[]][]) {
    it(`is reported for ${what}: ${expected.length > 0}`, () =>
      assert.deepEqual(reported(given as Case), expected));
  }
});
