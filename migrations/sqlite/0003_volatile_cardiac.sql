ALTER TABLE `keys` ADD `cidrs` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_until` integer;