import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    outDir: 'dist',
    target: ['es2022', 'safari16'],
    // The window's content policy allows neither inline fonts nor the fetch of the preload polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // It comes from the program itself, not over a network: one piece is as good as ten.
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['./test/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    // By itself it leaves one processor free, which is half of two.
    maxWorkers: '100%',
  },
});
