import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:function`: adds a function to an existing function app. */
export default generatorFor('function');
