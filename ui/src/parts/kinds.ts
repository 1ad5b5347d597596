// AI clients get a neutral picture of what kind they are, not a maker's logo.
import { Braces, CodeXml, Globe, PanelsTopLeft, Terminal, type IconType } from '../components/icons';
import type { ClientKind } from '../ipc';

export const kindIcons: Record<ClientKind, IconType> = { terminal: Terminal, editor: CodeXml, app: PanelsTopLeft, web: Globe, library: Braces };
