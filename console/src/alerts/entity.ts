import type { Entity } from '../api/client';
import { AccountIcon, ContainerIcon, DomainIcon, EmailIcon, FileIcon, HashIcon, HostIcon, IpIcon, PersonIcon, ProcessIcon, UrlIcon } from '../ui/icons';

export const ICON: Record<Entity['type'], typeof HostIcon> = { host: HostIcon, user: PersonIcon, ip: IpIcon, domain: DomainIcon, hash: HashIcon, url: UrlIcon, email: EmailIcon, process: ProcessIcon, file: FileIcon, container: ContainerIcon, account: AccountIcon };
