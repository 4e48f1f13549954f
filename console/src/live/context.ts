import { session } from '../session/session';
import { Live } from './live';

/** The tab's one stream; when the server refuses it, the session may be over. */
export const live = new Live(undefined, () => void session.restore());
