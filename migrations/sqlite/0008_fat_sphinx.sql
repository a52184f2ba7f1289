ALTER TABLE `events` ADD `checksum` text;--> statement-breakpoint
CREATE INDEX `events_unchecked` ON `events` (`seq`) WHERE "events"."checksum" is null;--> statement-breakpoint
ALTER TABLE `log` ADD `checksum` text;