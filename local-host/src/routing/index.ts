/** Routing as the Azure Functions host has it: ASP.NET's templates, in the order of names. */
export { isValidFunctionName } from './names.js';
export { compareIgnoreCase, equalsIgnoreCase } from './ordinal.js';
export {
  buildRoutes,
  isHttp,
  type FunctionToRoute,
  type Match,
  type Route,
  type RouteTable,
  type RoutingOptions,
} from './route-table.js';
export { parseTarget, type Target } from './target.js';
