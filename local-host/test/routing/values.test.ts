import assert from 'node:assert/strict';
import { toConstraint } from '../../src/routing/constraints.js';

const GUID = 'd85b1407-351d-4694-9392-03acc5870eb1';
const BARE = GUID.replaceAll('-', '');
const X = '{0xd85b1407,0x351d,0x4694,{0x93,0x92,0x03,0xac,0xc5,0x87,0x0e,0xb1}}';

/** By constraint: values that it accepts, and values that it refuses. */
const VALUES: Record<string, [accepted: string[], refused: string[]]> = {
  int: [
    ['0', '5', '+5', ' 5', '5 ', '\t-5\r\n', '007', '-0', '2147483647', '-2147483648'],
    ['', ' ', 'x', '1.0', '1e3', '0x10', '+ 5', '5-', '1,000', '2147483648', '-2147483649', '５'],
  ],
  long: [
    ['0', '+9223372036854775807', '-9223372036854775808', ' 12 '],
    ['9223372036854775808', '-9223372036854775809', '1.5', ''],
  ],
  bool: [
    ['true', 'FALSE', 'True', ' true ', '\tfalse\n'],
    ['', '1', '0', 'yes', 'tru e', 't'],
  ],
  guid: [
    [
      GUID,
      GUID.toUpperCase(),
      BARE,
      `{${GUID}}`,
      `(${GUID})`,
      X,
      ` ${GUID} `,
      X.replaceAll(',', ' , '),
    ],
    [
      '',
      GUID.slice(1),
      `${GUID}0`,
      `{${GUID})`,
      `(${GUID}`,
      `{${BARE}}`,
      GUID.replace('d', 'g'),
      X.slice(0, -1),
      `${X}}`,
      X.replace('0xb1', '0x1b1'),
    ],
  ],
  double: [
    [
      '1',
      '-1.5',
      '+1.5',
      '.5',
      '5.',
      '1,000.5',
      '1,,0',
      '1e3',
      '1E-3',
      '1e400',
      ' 1 ',
      'NaN',
      'Infinity',
      '-infinity',
      '+NaN',
    ],
    ['', '.', 'e5', '1e', '1e+', '1.5.5', ',1', '1-', '0x1', '- 1', '1 e3', 'inf', '$1'],
  ],
  float: [
    ['1.5', '1e39', 'NaN'],
    ['one', '1_000'],
  ],
  decimal: [
    [
      '1',
      '-1.5',
      '1.5-',
      '1 -',
      '1,000.5',
      '.5',
      '79228162514264337593543950335',
      '-79228162514264337593543950335',
      '79228162514264337593543950335.4',
    ],
    [
      '',
      '1e3',
      '-1-',
      'NaN',
      '79228162514264337593543950336',
      '79228162514264337593543950335.5',
      '1..5',
    ],
  ],
  datetime: [
    [
      '2024-05-01',
      '2024/5/1',
      '2024-05-01T10:20:30',
      '2024-05-01T10:20:30Z',
      '2024-05-01T10:20:30.1234567+02:00',
      '2024-05-01 10:20',
      '5/1/2024',
      '05/31/2024 10:20:30 PM',
      '5-1-24',
      '1 May 2024',
      'May 1, 2024',
      'May 2024',
      'may 5',
      'Wed, 01 May 2024 10:20:30 GMT',
      '2024-05',
      '10:20',
      '10 pm',
      '2024-02-29',
      '05/06',
    ],
    [
      '',
      'x',
      '5',
      '2024',
      '20240501',
      '2024-13-01',
      '31/12/2024',
      '2023-02-29',
      '2024-05-01T25:00:00',
      '2024-05-01T10:60:00',
      '2024-05-01T',
      'Thu, 01 May 2024',
      '2024-05-01 10:20:30 +15:00',
      '13 pm',
      '1/2/3/4',
      'May May 2024',
      '2024-05-01 10:20 10:30',
    ],
  ],
  alpha: [
    ['', 'a', 'AbC'],
    ['a1', 'é', 'a b', '-'],
  ],
  'length(3)': [
    ['abc', '   '],
    ['ab', 'abcd', ''],
  ],
  'length( 2 , 4 )': [
    ['ab', 'abcd'],
    ['a', 'abcde'],
  ],
  'minlength(2)': [
    ['ab', 'abc'],
    ['a', ''],
  ],
  'maxlength(2)': [['', 'ab'], ['abc']],
  'min(18)': [
    ['18', '+19', ' 20'],
    ['17', '18.5', 'x', ''],
  ],
  'max(-2)': [
    ['-2', '-10'],
    ['-1', '0'],
  ],
  'range(1,9)': [
    ['1', '9', '+5'],
    ['0', '10', '5.0'],
  ],
  required: [['x', ' '], ['']],
  file: [
    ['a.txt', '.gitignore', 'a/b.c', 'a..b'],
    ['', 'a', 'a.', 'a.b/c', '..', 'a.b/'],
  ],
  nonfile: [
    ['', 'a', 'a.', 'a.b/c', '..'],
    ['a.txt', 'a/b.c'],
  ],
  'regex(^\\d{3}$)': [
    ['123', '１２３', '123\n'],
    ['12', '1234', 'abc'],
  ],
  'regex(b+)': [
    ['abc', 'ABC'],
    ['acd', ''],
  ],
  'regex(^(one|two),(three)$)': [['one,three', 'TWO,THREE'], ['one']],
  'regex(^[a-z-[aeiou]]+$)': [
    ['bcd', 'XYZ'],
    ['abc', '1'],
  ],
  'regex(\\A\\w+\\z)': [['aé_9'], ['a b', 'a\n']],
  'regex(^(?<year>\\d{4})-\\k<year>$)': [['2024-2024'], ['2024-2025']],
  "regex(^(?'a'x)(?:y|z)$)": [['xy', 'XZ'], ['x']],
  'regex(^(?i)a(?#note)b$)': [['AB'], ['A']],
  'regex(^\\p{Lu}$)': [['A', 'a'], ['1']],
  'regex(^[\\w.%+-]+@[^@]+\\.[a-z]{2,}$)': [['ada@example.org'], ['ada@', '@example.org']],
  'regex(^a{,2}$)': [['a{,2}'], ['aa']],
  'regex(\\bend$)': [
    ['the end', 'end'],
    ['bend', 'éend'],
  ],
  'regex(^.$)': [
    ['a', '\r'],
    ['\n', ''],
  ],
  'regex()': [['', 'x'], []],
};

describe('constraint', () => {
  for (const [text, [accepted, refused]] of Object.entries(VALUES)) {
    it(`${text} accepts and refuses as .NET does`, () => {
      const constraint = toConstraint(text);
      assert.deepEqual(
        accepted.filter((value) => !constraint(value)),
        [],
        'accepted by .NET only',
      );
      assert.deepEqual(
        refused.filter((value) => constraint(value)),
        [],
        'accepted here only',
      );
    });
  }

  it('ignores the case of its name', () => {
    assert.equal(toConstraint('INT')('x'), false);
    assert.equal(toConstraint('MinLength(2)')('x'), false);
  });

  it('refuses a value that is missing, but for nonfile', () => {
    for (const text of Object.keys(VALUES)) {
      assert.equal(toConstraint(text)(undefined), text === 'nonfile', text);
    }
  });

  for (const text of [
    'unknown',
    'string',
    'int ',
    'int(5)',
    'int()',
    'alpha(x)',
    'length',
    'length()',
    'length(x)',
    'length(1,2,3)',
    'length(5,1)',
    'length(-1)',
    'minlength',
    'minlength(-1)',
    'maxlength(1.5)',
    'min',
    'min(x)',
    'max(9223372036854775808)',
    'range(1)',
    'range(9,1)',
    'range(1,2,3)',
    'regex',
    'regex([a)',
    'regex(a**)',
    'regex((a)',
    'regex(\\y)',
    '(5)',
  ]) {
    it(`${text} is refused`, () => assert.throws(() => toConstraint(text), /constraint/));
  }
});
