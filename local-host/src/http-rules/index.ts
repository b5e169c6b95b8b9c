/** What the Azure Functions host, ASP.NET and Kestrel do with requests and responses. */
export {
  negotiate,
  type NegotiableResponse,
  type NegotiatedResponse,
} from './content-negotiation.js';
export { CookieError, toSetCookie, type CookieData } from './cookies.js';
export { hasBoundBody, headersFrom, reasonAgainstHeader } from './headers.js';
export { parseQuery } from './query.js';
export { traceContextFrom, type TraceContext } from './trace-context.js';
export {
  httpTriggerMetadata,
  type HttpMetadataSource,
  type MetadataValue,
} from './trigger-metadata.js';
