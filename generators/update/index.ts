import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:update`: updates a project to the templates of this version. */
export default generatorFor('update');
