import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:function-app`: a function app that uses an extension. */
export default generatorFor('function-app');
