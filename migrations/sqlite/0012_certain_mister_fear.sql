CREATE TABLE `site_revisions` (
	`site` integer NOT NULL,
	`number` integer NOT NULL,
	`seq` integer NOT NULL,
	`published_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`author` text,
	`author_key` text,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`digest` text NOT NULL,
	`chain` text NOT NULL,
	`reason` text,
	`overrides` text NOT NULL,
	`document` text NOT NULL,
	`transitions` text NOT NULL,
	PRIMARY KEY(`site`, `number`),
	FOREIGN KEY (`site`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `site_revisions_published` ON `site_revisions` (`site`,`published_at`,`number`);--> statement-breakpoint
CREATE TABLE `sites` (
	`id` integer PRIMARY KEY NOT NULL,
	`head` integer NOT NULL,
	`seq` integer NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`catalogues` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sites_slug_unique` ON `sites` (`slug`);--> statement-breakpoint
CREATE INDEX `sites_seq` ON `sites` (`seq`);--> statement-breakpoint
ALTER TABLE `events` ADD `site` integer REFERENCES sites(id);--> statement-breakpoint
CREATE INDEX `events_site` ON `events` (`site`,`seq`) WHERE "events"."site" is not null;