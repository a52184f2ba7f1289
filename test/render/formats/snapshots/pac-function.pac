// Everything: quotes, double, backslash, <tags> and $(dollar)
// catalogue everything-1.0, revision 2 (1.0; rm -rf / #), sha256:c08ba3054f314a21dd029b3b73d0ad39fb1d82eba0a601dd69e3d6ae4d297a17
// holds from 2026-11-01T00:00:00Z; changes next at 2026-12-01T00:00:00Z
// pac, slice out-tcp-80_443: 6 entries, 0 omitted, 0 widened, 0 unnamed

var portolan = {
  "hosts": {
    "cdn.example.net.": 1,
    "www.example.net.": 1
  },
  "subdomainsOf": {
    "cdn.example.net.": 1
  },
  "patterns": [],
  "networks": {
    "198.51.100.0/24": 1,
    "2001:db8:0:0:0:0:0:1/128": 1,
    "2001:db8:1:0:0:0:0:0/48": 1
  },
  "prefixes": [
    24,
    48,
    128
  ]
};

function portolanLists(host) {
  var has = function (table, key) {
    return Object.prototype.hasOwnProperty.call(table, key);
  };
  var name = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
  var words = portolanWords(name);
  if (words) {
    for (var i = 0; i < portolan.prefixes.length; i++) {
      if (has(portolan.networks, portolanNetwork(words, portolan.prefixes[i]))) return true;
    }
    return false;
  }
  for (var p = 0; p < portolan.patterns.length; p++) {
    if (new RegExp(portolan.patterns[p]).test(name)) return true;
  }
  name += ".";
  if (has(portolan.hosts, name)) return true;
  for (var dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (has(portolan.subdomainsOf, name.slice(dot + 1))) return true;
  }
  return false;
}

// The numbers of an address: 4 of 8 bits, or 8 of 16 bits; null for a name.
function portolanWords(host) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    return host.split(".").map(Number);
  }
  if (!/^[0-9a-f:]+$/.test(host) || host.indexOf(":") < 0) return null;
  var read = function (text) {
    return text === "" ? [] : text.split(":").map(function (word) { return parseInt(word, 16); });
  };
  var halves = host.split("::");
  var words = read(halves[0]);
  if (halves.length === 1) return words;
  var rest = read(halves[1]);
  while (words.length + rest.length < 8) words.push(0);
  return words.concat(rest);
}

// The network of this length that an address is in, as the table writes it.
function portolanNetwork(words, prefix) {
  var bits = words.length === 4 ? 8 : 16;
  if (prefix > words.length * bits) return "";
  var masked = words.map(function (word, index) {
    var off = Math.min(bits, Math.max(0, (index + 1) * bits - prefix));
    return ((word >> off) << off).toString(bits === 8 ? 10 : 16);
  });
  return masked.join(bits === 8 ? "." : ":") + "/" + prefix;
}
