/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.MARSAD_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // The server replaces the mark with a fresh nonce in every answer that carries index.html.
  html: { cspNonce: '__CSP_NONCE__' },
  // Tests read the playbooks that are shipped.
  server: { port: 5173, fs: { allow: ['..'] }, proxy: { '/v1': server, '/health': server, '/ready': server } },
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/](@mantine[\\/](core|hooks|notifications|store)|@floating-ui|react-remove-scroll|clsx)/ },
            { name: 'tanstack', test: /node_modules[\\/]@tanstack/ },
            { name: 'uplot', test: /node_modules[\\/]uplot/ },
            { name: 'codemirror', test: /node_modules[\\/](@codemirror|@lezer|style-mod|w3c-keyname|crelt)/ },
          ],
        },
      },
    },
  },
  test: { environment: 'jsdom', setupFiles: ['src/test/setup.ts'], css: false, testTimeout: 90_000 },
});
