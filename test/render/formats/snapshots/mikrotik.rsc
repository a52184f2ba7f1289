# Everything: quotes, double, backslash, <tags> and $(dollar)
# catalogue everything-1.0, revision 2 (1.0; rm -rf / #), sha256:c08ba3054f314a21dd029b3b73d0ad39fb1d82eba0a601dd69e3d6ae4d297a17
# holds from 2026-11-01T00:00:00Z; changes next at 2026-12-01T00:00:00Z
# mikrotik: 35 entries, 3 omitted, 0 widened, 1 unnamed
# once: /ip firewall filter add chain=forward action=jump jump-target=portolan-out-everything-1.0
# once: /ip firewall filter add chain=forward action=jump jump-target=portolan-in-everything-1.0
# once: /ipv6 firewall filter add chain=forward action=jump jump-target=portolan-out-everything-1.0
# once: /ipv6 firewall filter add chain=forward action=jump jump-target=portolan-in-everything-1.0
/ip firewall address-list remove [find where comment="portolan next everything-1.0"]
/ip firewall filter remove [find where comment="portolan next everything-1.0"]
:do {/ip firewall address-list add list="next everything-1.0 out-tcp" address=192.0.2.45 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-80" address=198.51.100.0/25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-80" address=198.51.100.7 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-80" address=198.51.100.128/25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-80" address="cdn.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-80" address="www.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-443" address=198.51.100.0/25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-443" address=198.51.100.7 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-443" address=198.51.100.128/25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-443" address="cdn.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-443" address="www.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-123" address=192.0.2.123 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-123" address="time.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-123-from-123" address=192.0.2.123 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123-from-123 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-123-from-123" address="time.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123-from-123 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-1024-65535-from-1024-65535" address=192.0.2.200 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-1024-65535-from-1024-65535 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-sctp-2905" address=192.0.2.29 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-sctp-2905 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-icmp" address=192.0.2.10 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-icmp was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-icmp-3" address=192.0.2.9 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-icmp-3 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-icmp-8-0" address=192.0.2.9 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-icmp-8-0 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-any" address=192.0.2.44 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-any was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-dccp-5001" address=192.0.2.33 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-dccp-5001 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-gre" address=192.0.2.50 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-gre was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-esp" address=192.0.2.50 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-esp was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-ip-97" address=192.0.2.50 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-ip-97 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-tcp-25" address=192.0.2.25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-25 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-36699" address=192.0.2.36 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-36699 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 out-udp-36699" address=224.1.1.1 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-36699 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 in-tcp-22" address=192.0.2.64/26 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-tcp-22 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 in-tcp-8000-8100" address=192.0.2.64/26 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-tcp-8000-8100 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 in-tcp-25" address=192.0.2.25 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-tcp-25 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 in-udp-36699" address=192.0.2.36 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-udp-36699 was refused"}
:do {/ip firewall address-list add list="next everything-1.0 in-udp-36699-groups" address=224.1.1.1 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-udp-36699-groups was refused"}
:foreach ptlEntry in=[/ip firewall address-list find where comment="portolan everything-1.0"] do={
  :local ptlList [/ip firewall address-list get $ptlEntry list]
  :local ptlAddress [/ip firewall address-list get $ptlEntry address]
  :if ([:len [/ip firewall address-list find where list="next $ptlList" and address=$ptlAddress]] = 0) do={/ip firewall address-list remove $ptlEntry}
}
:foreach ptlEntry in=[/ip firewall address-list find where comment="portolan next everything-1.0"] do={
  :local ptlList [:pick [/ip firewall address-list get $ptlEntry list] 5 255]
  :local ptlAddress [/ip firewall address-list get $ptlEntry address]
  :do {/ip firewall address-list add list=$ptlList address=$ptlAddress comment="portolan everything-1.0"} on-error={}
}
/ip firewall address-list remove [find where comment="portolan next everything-1.0"]
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-address-list="everything-1.0 out-tcp" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=80 dst-address-list="everything-1.0 out-tcp-80" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=443 dst-address-list="everything-1.0 out-tcp-443" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=8443 comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp dst-port=123 dst-address-list="everything-1.0 out-udp-123" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp src-port=123 dst-port=123 dst-address-list="everything-1.0 out-udp-123-from-123" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp src-port=1024-65535 dst-port=1024-65535 dst-address-list="everything-1.0 out-udp-1024-65535-from-1024-65535" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=sctp dst-port=2905 dst-address-list="everything-1.0 out-sctp-2905" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=icmp dst-address-list="everything-1.0 out-icmp" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=icmp icmp-options=3:0-255 dst-address-list="everything-1.0 out-icmp-3" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=icmp icmp-options=8:0 dst-address-list="everything-1.0 out-icmp-8-0" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept dst-address-list="everything-1.0 out-any" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=dccp dst-port=5001 dst-address-list="everything-1.0 out-dccp-5001" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=47 dst-address-list="everything-1.0 out-gre" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=50 dst-address-list="everything-1.0 out-esp" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=97 dst-address-list="everything-1.0 out-ip-97" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=25 dst-address-list="everything-1.0 out-tcp-25" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp dst-port=36699 dst-address-list="everything-1.0 out-udp-36699" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=tcp dst-port=22 src-address-list="everything-1.0 in-tcp-22" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=tcp dst-port=8000-8100 src-address-list="everything-1.0 in-tcp-8000-8100" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=tcp dst-port=25 src-address-list="everything-1.0 in-tcp-25" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=udp dst-port=36699 src-address-list="everything-1.0 in-udp-36699" comment="portolan next everything-1.0"
/ip firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=udp dst-port=36699 dst-address-list="everything-1.0 in-udp-36699-groups" comment="portolan next everything-1.0"
/ip firewall filter remove [find where comment="portolan everything-1.0"]
/ip firewall filter set [find where comment="portolan next everything-1.0"] comment="portolan everything-1.0"
/ipv6 firewall address-list remove [find where comment="portolan next everything-1.0"]
/ipv6 firewall filter remove [find where comment="portolan next everything-1.0"]
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-80" address=2001:db8::1/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-80" address=2001:db8:1::/48 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-80" address="cdn.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-80" address="www.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-80 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-443" address=2001:db8::1/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-443" address=2001:db8:1::/48 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-443" address="cdn.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-443" address="www.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-443 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-udp-123" address="time.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-udp-123-from-123" address="time.example.net" comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-123-from-123 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-icmp" address=2001:db8::10/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-icmp was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-any" address=2001:db8::44/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-any was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-icmpv6-128" address=2001:db8::58/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-icmpv6-128 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-gre" address=2001:db8::50/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-gre was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-esp" address=2001:db8::50/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-esp was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-ip-97" address=2001:db8::50/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-ip-97 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-tcp-25" address=2001:db8::25/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-tcp-25 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 out-udp-36699" address=ff05::224/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 out-udp-36699 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 in-tcp-25" address=2001:db8::25/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-tcp-25 was refused"}
:do {/ipv6 firewall address-list add list="next everything-1.0 in-udp-36699-groups" address=ff05::224/128 comment="portolan next everything-1.0"} on-error={:log warning "portolan: an entry of everything-1.0 in-udp-36699-groups was refused"}
:foreach ptlEntry in=[/ipv6 firewall address-list find where comment="portolan everything-1.0"] do={
  :local ptlList [/ipv6 firewall address-list get $ptlEntry list]
  :local ptlAddress [/ipv6 firewall address-list get $ptlEntry address]
  :if ([:len [/ipv6 firewall address-list find where list="next $ptlList" and address=$ptlAddress]] = 0) do={/ipv6 firewall address-list remove $ptlEntry}
}
:foreach ptlEntry in=[/ipv6 firewall address-list find where comment="portolan next everything-1.0"] do={
  :local ptlList [:pick [/ipv6 firewall address-list get $ptlEntry list] 5 255]
  :local ptlAddress [/ipv6 firewall address-list get $ptlEntry address]
  :do {/ipv6 firewall address-list add list=$ptlList address=$ptlAddress comment="portolan everything-1.0"} on-error={}
}
/ipv6 firewall address-list remove [find where comment="portolan next everything-1.0"]
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=80 dst-address-list="everything-1.0 out-tcp-80" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=443 dst-address-list="everything-1.0 out-tcp-443" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=8443 comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp dst-port=123 dst-address-list="everything-1.0 out-udp-123" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp src-port=123 dst-port=123 dst-address-list="everything-1.0 out-udp-123-from-123" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=icmpv6 dst-address-list="everything-1.0 out-icmp" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept dst-address-list="everything-1.0 out-any" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=icmpv6 icmp-options=128:0-255 dst-address-list="everything-1.0 out-icmpv6-128" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=47 dst-address-list="everything-1.0 out-gre" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=50 dst-address-list="everything-1.0 out-esp" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=97 dst-address-list="everything-1.0 out-ip-97" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=tcp dst-port=25 dst-address-list="everything-1.0 out-tcp-25" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-out-everything-1.0" action=accept protocol=udp dst-port=36699 dst-address-list="everything-1.0 out-udp-36699" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=tcp dst-port=25 src-address-list="everything-1.0 in-tcp-25" comment="portolan next everything-1.0"
/ipv6 firewall filter add chain="portolan-in-everything-1.0" action=accept protocol=udp dst-port=36699 dst-address-list="everything-1.0 in-udp-36699-groups" comment="portolan next everything-1.0"
/ipv6 firewall filter remove [find where comment="portolan everything-1.0"]
/ipv6 firewall filter set [find where comment="portolan next everything-1.0"] comment="portolan everything-1.0"
