CREATE TABLE `feeds` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL,
	`held_document` text,
	`lease_until` integer NOT NULL,
	`holder` text
);
