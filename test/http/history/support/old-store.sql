PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __drizzle_migrations (hash text not null, created_at integer not null);
INSERT INTO __drizzle_migrations VALUES('5169a354d6f02a79db793f7de37edef03d24f73718cab1b250da0875d3a599d9',1795557059684);
INSERT INTO __drizzle_migrations VALUES('14dbefc4f88fa04da506ee8bd457b187e9633c42cdd4699c7d1c79cd50098a83',1795567148496);
INSERT INTO __drizzle_migrations VALUES('0b194d8ff2045dce059632532c106ee2f1955b8334bba3564388841521382aa3',1795574165924);
INSERT INTO __drizzle_migrations VALUES('8a1b227cc2d106a8f092126859dd518332b2faae60229cf7fe971bab2d3d8eb1',1795801344100);
INSERT INTO __drizzle_migrations VALUES('1d9ef03c52b46f24f0e47a96072ef36bfb76eb09e5606cf547c0f87bdcd83864',1795802212513);
CREATE TABLE `catalogues` (
	`id` integer PRIMARY KEY NOT NULL,
	`head` integer NOT NULL,
	`seq` integer NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`vendor` text NOT NULL,
	`product` text NOT NULL,
	`version` text NOT NULL
);
INSERT INTO catalogues VALUES(1,2,2,'gateway-1','Gateway: "quoted" & <tagged>, Wörter, 日本','Example','Gateway','1');
CREATE TABLE `endpoints` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`place` integer NOT NULL,
	`until` integer NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`requirement` text NOT NULL,
	`lookup` blob NOT NULL,
	`body` text,
	PRIMARY KEY(`catalogue`, `since`, `place`)
);
INSERT INTO endpoints VALUES(1,1,0,2147483647,-100000000000000,NULL,'host','*.cdn.example.net','updates',X'106e65742e6578616d706c652e63646e2e2a',NULL);
INSERT INTO endpoints VALUES(1,1,1,2147483647,-100000000000000,NULL,'host','updates.example.net','updates',X'106e65742e6578616d706c652e75706461746573','{"remarks":"The nearest."}');
INSERT INTO endpoints VALUES(1,1,2,2,-100000000000000,1585440000000,'address','9.9.9.9','updates',X'040909090920','{"serves":["updates.example.net"],"replacedBy":["149.112.112.112"]}');
INSERT INTO endpoints VALUES(1,1,3,2,1583020800000,NULL,'address','149.112.112.112','updates',X'049570707020',NULL);
INSERT INTO endpoints VALUES(1,1,4,2147483647,-100000000000000,NULL,'address','2620:fe::/48','updates',X'06262000fe00000000000000000000000030',NULL);
INSERT INTO endpoints VALUES(1,1,5,2147483647,-100000000000000,NULL,'address','9.9.9.9','reachability',X'040909090920',NULL);
INSERT INTO endpoints VALUES(1,1,6,2147483647,-100000000000000,NULL,'address','224.1.1.1','reachability',X'04e001010120',NULL);
INSERT INTO endpoints VALUES(1,1,7,2147483647,-100000000000000,NULL,'address','2620:fe::fe','reachability',X'06262000fe0000000000000000000000fe80',NULL);
INSERT INTO endpoints VALUES(1,1,8,2,-100000000000000,NULL,'role','administrators','administration',X'f061646d696e6973747261746f7273','{"title":"Administrators"}');
INSERT INTO endpoints VALUES(1,1,9,2,-100000000000000,1609459200000,'any','','administration',X'f2',NULL);
INSERT INTO endpoints VALUES(1,1,10,2,-100000000000000,NULL,'feed','aws','cloud',X'f1617773','{"url":"https://ip-ranges.amazonaws.com/ip-ranges.json","select":{"region":["eu-west-1"],"service":["EC2","S3"]}}');
INSERT INTO endpoints VALUES(1,2,0,2147483647,-100000000000000,1585440000000,'address','9.9.9.9','updates',X'040909090920','{"serves":["updates.example.net"]}');
INSERT INTO endpoints VALUES(1,2,1,2147483647,-100000000000000,NULL,'role','administrators','admin',X'f061646d696e6973747261746f7273','{"title":"Administrators"}');
INSERT INTO endpoints VALUES(1,2,2,2147483647,-100000000000000,1609459200000,'any','','admin',X'f2',NULL);
INSERT INTO endpoints VALUES(1,2,3,2147483647,-100000000000000,NULL,'feed','aws','cloud.lists',X'f1617773','{"url":"https://ip-ranges.amazonaws.com/ip-ranges.json","select":{"region":["eu-west-1"],"service":["EC2","S3"]}}');
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`catalogue` integer NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`once` text,
	`occurred_at` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`late_by_ms` integer NOT NULL,
	`number` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`truncated` integer NOT NULL,
	`label` text NOT NULL,
	`digest` text NOT NULL,
	`changes` text NOT NULL,
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO events VALUES(1,1,'catalogue.created','evt_01M8FE24A9VX50C155KQKQ7CZ5',NULL,1795814396233,1579046400000,0,1,16,0,0,0,'1','sha256:8d710d94e90a81530c7ca8b5578f3b218ec5cbd64a528123a4459ff679f78140','[{"op":"added","pointer":"/requirements/updates","requirement":"updates","position":0,"after":{"key":"updates","title":"Updates","scope":"external","direction":"outbound","necessity":"conditional","inferred":["direction","necessity"],"services":[{"transport":"tcp","ports":[{"from":80,"to":80},{"from":443,"to":443},{"from":8000,"to":8100}],"application":"https"},{"transport":"udp","ports":[{"from":123,"to":123}],"sourcePorts":[{"from":123,"to":123},{"from":1024,"to":65535}]}],"proxy":{"httpProxy":"allowed","tlsInspection":"forbidden"},"tags":["antivirus","updates"],"remarks":"=1+1","owner":"The owner","externalIds":{"constructor":"x","m365":"46"},"references":[{"title":"Manual","url":"https://example.net/manual"},{"url":"https://example.org/"}]},"impact":"opens"},{"op":"added","pointer":"/requirements/updates/endpoints/host:*.cdn.example.net","requirement":"updates","endpoint":{"kind":"host","value":"*.cdn.example.net"},"after":{"kind":"host","value":"*.cdn.example.net"},"impact":"opens"},{"op":"added","pointer":"/requirements/updates/endpoints/host:updates.example.net","requirement":"updates","endpoint":{"kind":"host","value":"updates.example.net"},"after":{"kind":"host","value":"updates.example.net","remarks":"The nearest."},"impact":"opens"},{"op":"added","pointer":"/requirements/updates/endpoints/address:9.9.9.9","requirement":"updates","endpoint":{"kind":"address","value":"9.9.9.9"},"after":{"kind":"address","value":"9.9.9.9","until":"2020-03-29T00:00:00Z","serves":["updates.example.net"],"replacedBy":["149.112.112.112"]},"impact":"opens"},{"op":"added","pointer":"/requirements/updates/endpoints/address:149.112.112.112","requirement":"updates","endpoint":{"kind":"address","value":"149.112.112.112"},"after":{"kind":"address","value":"149.112.112.112","from":"2020-03-01T00:00:00Z"},"impact":"announces"},{"op":"added","pointer":"/requirements/updates/endpoints/address:2620:fe::~148","requirement":"updates","endpoint":{"kind":"address","value":"2620:fe::/48"},"after":{"kind":"address","value":"2620:fe::/48"},"impact":"opens"},{"op":"added","pointer":"/requirements/reachability","requirement":"reachability","position":1,"after":{"key":"reachability","title":"Reachability","scope":"external","direction":"both","necessity":"optional","services":[{"transport":"sctp","ports":[{"from":2905,"to":2905}]},{"transport":"icmp"},{"transport":"icmp","icmp":{"type":8,"code":0}},{"transport":"any"}]},"impact":"opens"},{"op":"added","pointer":"/requirements/reachability/endpoints/address:9.9.9.9","requirement":"reachability","endpoint":{"kind":"address","value":"9.9.9.9"},"after":{"kind":"address","value":"9.9.9.9"},"impact":"opens"},{"op":"added","pointer":"/requirements/reachability/endpoints/address:224.1.1.1","requirement":"reachability","endpoint":{"kind":"address","value":"224.1.1.1"},"after":{"kind":"address","value":"224.1.1.1"},"impact":"opens"},{"op":"added","pointer":"/requirements/reachability/endpoints/address:2620:fe::fe","requirement":"reachability","endpoint":{"kind":"address","value":"2620:fe::fe"},"after":{"kind":"address","value":"2620:fe::fe"},"impact":"opens"},{"op":"added","pointer":"/requirements/administration","requirement":"administration","position":2,"after":{"key":"administration","title":"Administration","scope":"internal","direction":"inbound","necessity":"required","services":[{"transport":"tcp","ports":[{"from":22,"to":22}]}]},"impact":"opens"},{"op":"added","pointer":"/requirements/administration/endpoints/role:administrators","requirement":"administration","endpoint":{"kind":"role","value":"administrators"},"after":{"kind":"role","value":"administrators","title":"Administrators"},"impact":"opens"},{"op":"added","pointer":"/requirements/administration/endpoints/any","requirement":"administration","endpoint":{"kind":"any"},"after":{"kind":"any","until":"2021-01-01T00:00:00Z"},"impact":"opens"},{"op":"added","pointer":"/requirements/cloud","requirement":"cloud","position":3,"after":{"key":"cloud","title":"Cloud","scope":"external","direction":"outbound","necessity":"required","services":[{"transport":"tcp"}]},"impact":"opens"},{"op":"added","pointer":"/requirements/cloud/endpoints/feed:aws","requirement":"cloud","endpoint":{"kind":"feed","value":"aws"},"after":{"kind":"feed","value":"aws","url":"https://ip-ranges.amazonaws.com/ip-ranges.json","select":{"region":["eu-west-1"],"service":["EC2","S3"]}},"impact":"opens"},{"op":"added","pointer":"/requirements/nobody","requirement":"nobody","position":4,"after":{"key":"nobody","title":"Nobody","scope":"internal","direction":"outbound","necessity":"optional","services":[{"transport":"udp","ports":[{"from":53,"to":53}]}]},"impact":"informs"}]');
INSERT INTO events VALUES(2,1,'catalogue.revision_published','evt_01M8FE29DRV35Y57TTPH390C29',NULL,1795814401464,1580515200000,0,2,2,3,2,0,'2','sha256:0c5386ae0f99c383b4869544bfce0f223e38af7ae66953d087c2de46c31b9d67','[{"op":"changed","pointer":"/requirements/updates/endpoints/address:9.9.9.9","requirement":"updates","endpoint":{"kind":"address","value":"9.9.9.9"},"before":{"kind":"address","value":"9.9.9.9","until":"2020-03-29T00:00:00Z","serves":["updates.example.net"],"replacedBy":["149.112.112.112"]},"after":{"kind":"address","value":"9.9.9.9","until":"2020-03-29T00:00:00Z","serves":["updates.example.net"]},"impact":"informs"},{"op":"removed","pointer":"/requirements/updates/endpoints/address:149.112.112.112","requirement":"updates","endpoint":{"kind":"address","value":"149.112.112.112"},"before":{"kind":"address","value":"149.112.112.112","from":"2020-03-01T00:00:00Z"},"impact":"announces"},{"op":"renamed","pointer":"/requirements/admin","requirement":"admin","before":{"key":"administration"},"after":{"key":"admin","previousKeys":["administration"]},"impact":"informs"},{"op":"added","pointer":"/requirements/cloud.lists","requirement":"cloud.lists","position":3,"after":{"key":"cloud.lists","title":"Cloud","scope":"external","direction":"outbound","necessity":"required","services":[{"transport":"tcp"}]},"impact":"opens"},{"op":"added","pointer":"/requirements/cloud.lists/endpoints/feed:aws","requirement":"cloud.lists","endpoint":{"kind":"feed","value":"aws"},"after":{"kind":"feed","value":"aws","url":"https://ip-ranges.amazonaws.com/ip-ranges.json","select":{"region":["eu-west-1"],"service":["EC2","S3"]}},"impact":"informs"},{"op":"removed","pointer":"/requirements/cloud","requirement":"cloud","before":{"key":"cloud","title":"Cloud","scope":"external","direction":"outbound","necessity":"required","services":[{"transport":"tcp"}]},"impact":"closes"},{"op":"removed","pointer":"/requirements/cloud/endpoints/feed:aws","requirement":"cloud","endpoint":{"kind":"feed","value":"aws"},"before":{"kind":"feed","value":"aws","url":"https://ip-ranges.amazonaws.com/ip-ranges.json","select":{"region":["eu-west-1"],"service":["EC2","S3"]}},"impact":"informs"}]');
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
, `cidrs` text, `last_used_at` integer, `previous_hash` text, `previous_until` integer);
CREATE TABLE `log` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`version` integer NOT NULL,
	`epoch` text NOT NULL
, `secret_key` text);
INSERT INTO log VALUES(1,2,3,'34bdc5332b074584',NULL);
CREATE TABLE `orders` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`keys` text NOT NULL,
	PRIMARY KEY(`catalogue`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO orders VALUES(1,1,'["updates","reachability","administration","cloud","nobody"]');
INSERT INTO orders VALUES(1,2,'["updates","reachability","admin","cloud.lists","nobody"]');
CREATE TABLE `profiles` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`catalogue`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO profiles VALUES(1,1,'{"id":"gateway-1","title":"Gateway: \"quoted\" & <tagged>, Wörter, 日本","vendor":"Example","product":"Gateway","version":"1","aliases":["Another name","The old gateway"],"timeZone":"Europe/London","successor":"gateway-2","endOfSupport":"2030-01-01T00:00:00Z","guidance":[{"key":"names","topic":"firewall","text":"Use names.\nNot addresses."}]}');
CREATE TABLE `requirements` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`catalogue`, `key`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO requirements VALUES(1,1,2147483647,'updates','{"key":"updates","title":"Updates","scope":"external","direction":"outbound","necessity":"conditional","inferred":["direction","necessity"],"services":[{"transport":"tcp","ports":[{"from":80,"to":80},{"from":443,"to":443},{"from":8000,"to":8100}],"application":"https"},{"transport":"udp","ports":[{"from":123,"to":123}],"sourcePorts":[{"from":123,"to":123},{"from":1024,"to":65535}]}],"proxy":{"httpProxy":"allowed","tlsInspection":"forbidden"},"tags":["antivirus","updates"],"remarks":"=1+1","owner":"The owner","externalIds":{"constructor":"x","m365":"46"},"references":[{"title":"Manual","url":"https://example.net/manual"},{"url":"https://example.org/"}]}');
INSERT INTO requirements VALUES(1,1,2147483647,'reachability','{"key":"reachability","title":"Reachability","scope":"external","direction":"both","necessity":"optional","services":[{"transport":"sctp","ports":[{"from":2905,"to":2905}]},{"transport":"icmp"},{"transport":"icmp","icmp":{"type":8,"code":0}},{"transport":"any"}]}');
INSERT INTO requirements VALUES(1,1,2,'administration','{"key":"administration","title":"Administration","scope":"internal","direction":"inbound","necessity":"required","services":[{"transport":"tcp","ports":[{"from":22,"to":22}]}]}');
INSERT INTO requirements VALUES(1,1,2,'cloud','{"key":"cloud","title":"Cloud","scope":"external","direction":"outbound","necessity":"required","services":[{"transport":"tcp"}]}');
INSERT INTO requirements VALUES(1,1,2147483647,'nobody','{"key":"nobody","title":"Nobody","scope":"internal","direction":"outbound","necessity":"optional","services":[{"transport":"udp","ports":[{"from":53,"to":53}]}]}');
INSERT INTO requirements VALUES(1,2,2147483647,'admin','{"key":"admin","previousKeys":["administration"],"title":"Administration","scope":"internal","direction":"inbound","necessity":"required","services":[{"transport":"tcp","ports":[{"from":22,"to":22}]}]}');
INSERT INTO requirements VALUES(1,2,2147483647,'cloud.lists','{"key":"cloud.lists","title":"Cloud","scope":"external","direction":"outbound","necessity":"required","services":[{"transport":"tcp"}]}');
CREATE TABLE `revisions` (
	`catalogue` integer NOT NULL,
	`number` integer NOT NULL,
	`seq` integer NOT NULL,
	`published_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`label` text NOT NULL,
	`author` text,
	`reconstructed` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`digest` text NOT NULL,
	`chain` text NOT NULL,
	`summary` text NOT NULL,
	`reason` text,
	`overrides` text NOT NULL,
	`edition` text NOT NULL,
	`transitions` text NOT NULL, `author_key` text,
	PRIMARY KEY(`catalogue`, `number`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO revisions VALUES(1,1,1,1579046400000,1795814396233,'1',NULL,0,16,0,0,'sha256:8d710d94e90a81530c7ca8b5578f3b218ec5cbd64a528123a4459ff679f78140','sha256:738a7651c40c4c0c37895a212d0da2b0ddef997731ef7992af91b773e914e589','First.','The group is wanted','["requirement_emptied","reserved_address","unannounced_removal"]','{"label":"1","date":"2020-01","summary":"First."}','[1583020800000,1585440000000,1609459200000]',NULL);
INSERT INTO revisions VALUES(1,2,2,1580515200000,1795814401464,'2',NULL,1,2,3,2,'sha256:0c5386ae0f99c383b4869544bfce0f223e38af7ae66953d087c2de46c31b9d67','sha256:23cf47170b43f4b4283ce6c6afbe253cf1c5f3426cec942fd5af37d9d0f3cf8c','Second.','The group is wanted','["requirement_emptied","reserved_address","unannounced_removal"]','{"label":"2","summary":"Second.","reason":"A rename.","reconstructed":true}','[1585440000000,1609459200000]',NULL);
CREATE TABLE `dead_letters` (
	`subscription` text NOT NULL,
	`seq` integer NOT NULL,
	`event` text NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`status` integer NOT NULL,
	`is_redriving` integer NOT NULL,
	PRIMARY KEY(`subscription`, `seq`)
);
CREATE TABLE `deliveries` (
	`subscription` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`subscription`, `number`)
);
CREATE TABLE `fan_out` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`definitions` integer NOT NULL
);
INSERT INTO fan_out VALUES(1,0,0);
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`subscription` text NOT NULL,
	`body` text NOT NULL
);
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL
);
CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`definition` text NOT NULL,
	`secrets` text NOT NULL,
	`state` text NOT NULL,
	`state_since` integer NOT NULL,
	`state_reason` text,
	`activated_at` integer,
	`cursor` integer NOT NULL,
	`matched` integer NOT NULL,
	`previous` integer,
	`ahead` text NOT NULL,
	`replay_from` integer,
	`replay_to` integer,
	`replay_next` integer,
	`redrives` integer NOT NULL,
	`notices` integer NOT NULL,
	`due_at` integer NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` integer,
	`refusals` integer NOT NULL,
	`refused_since` integer,
	`attempts` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`holder` text,
	`fence` integer NOT NULL
);
CREATE UNIQUE INDEX `catalogues_slug_unique` ON `catalogues` (`slug`);
CREATE UNIQUE INDEX `endpoints_identity` ON `endpoints` (`catalogue`,`requirement`,`lookup`,`from_at`,`since`);
CREATE INDEX `endpoints_lookup` ON `endpoints` (`lookup`,`catalogue`);
CREATE INDEX `endpoints_until` ON `endpoints` (`catalogue`,`until`) WHERE "endpoints"."until" < 2147483647;
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);
CREATE INDEX `events_catalogue` ON `events` (`catalogue`,`seq`);
CREATE UNIQUE INDEX `events_once` ON `events` (`once`) WHERE "events"."once" is not null;
CREATE INDEX `requirements_since` ON `requirements` (`catalogue`,`since`);
CREATE INDEX `requirements_until` ON `requirements` (`catalogue`,`until`) WHERE "requirements"."until" < 2147483647;
CREATE INDEX `revisions_published` ON `revisions` (`catalogue`,`published_at`,`number`);
CREATE INDEX `revisions_label` ON `revisions` (`catalogue`,`label`,`number`);
CREATE INDEX `revisions_seq` ON `revisions` (`catalogue`,`seq`);
CREATE INDEX `deliveries_at` ON `deliveries` (`at`);
CREATE INDEX `notices_subscription` ON `notices` (`subscription`);
CREATE INDEX `subscriptions_owner` ON `subscriptions` (`owner`,`created_at`);
CREATE INDEX `subscriptions_holder` ON `subscriptions` (`holder`);
CREATE INDEX `subscriptions_work` ON `subscriptions` (`due_at`) WHERE ("subscriptions"."notices" > 0 or ("subscriptions"."state" in ('active', 'degraded') and ("subscriptions"."matched" > "subscriptions"."cursor" or "subscriptions"."replay_next" is not null or "subscriptions"."redrives" > 0)));
CREATE INDEX `endpoints_turn_on` ON `endpoints` (`catalogue`,`from_at`) WHERE "endpoints"."from_at" > -100000000000000;
CREATE INDEX `endpoints_turn_off` ON `endpoints` (`catalogue`,`until_at`) WHERE "endpoints"."until_at" is not null;
COMMIT;
