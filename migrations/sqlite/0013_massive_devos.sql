PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`catalogue` integer,
	`site` integer,
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
	`checksum` text,
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_events`("seq", "catalogue", "site", "type", "id", "once", "occurred_at", "effective_at", "late_by_ms", "number", "added", "removed", "changed", "truncated", "label", "digest", "changes", "checksum") SELECT "seq", "catalogue", "site", "type", "id", "once", "occurred_at", "effective_at", "late_by_ms", "number", "added", "removed", "changed", "truncated", "label", "digest", "changes", "checksum" FROM `events`;--> statement-breakpoint
DROP TABLE `events`;--> statement-breakpoint
ALTER TABLE `__new_events` RENAME TO `events`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_catalogue` ON `events` (`catalogue`,`seq`);--> statement-breakpoint
CREATE INDEX `events_site` ON `events` (`site`,`seq`) WHERE "events"."site" is not null;--> statement-breakpoint
CREATE INDEX `events_unchecked` ON `events` (`seq`) WHERE "events"."checksum" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`once`) WHERE "events"."once" is not null;