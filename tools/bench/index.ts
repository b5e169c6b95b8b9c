/*
 * `npm run bench`: measures this package next to others of its kind, which it installs for that.
 * With --json the figures are printed as JSON.
 */
import { removeTemporary } from '../support/environment.js';
import { asText } from './figures.js';
import { measureFirstAnswer } from './first-answer.js';
import { measureInspector } from './inspector.js';
import { invocationFigures } from './invocations.js';
import { installPeers } from './peers.js';
import { measureOwnCommand, measureYo } from './scaffolding.js';
import { measureGenerators, measureProjects } from './sizes.js';

try {
  const peers = await installPeers();
  const figures = [
    await measureOwnCommand(peers),
    await measureYo(peers),
    await measureFirstAnswer(),
    ...(await measureGenerators(peers)),
    ...(await measureProjects()),
    ...(await invocationFigures()),
    await measureInspector(),
  ];
  const isJson = process.argv.includes('--json');
  console.log(isJson ? JSON.stringify(figures, null, 2) : asText(figures));
} finally {
  removeTemporary();
}
