import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:extension`: the package of an extension. */
export default generatorFor('extension');
