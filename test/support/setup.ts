/* What mocha loads before any test. */
import '../../tools/support/environment.js';

export { removeTemporary as mochaGlobalTeardown } from '../../tools/support/environment.js';
