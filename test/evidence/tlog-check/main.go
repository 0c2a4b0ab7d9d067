// Checks a log that the program wrote with the library of Go's own checksum database
// (golang.org/x/mod/sumdb): signatures, every tile, the inclusion of every entry, and that every
// older checkpoint is the beginning of the newest.
//
// usage: tlog-check DIR, where DIR holds checkpoint, checkpoints/, keys/ and tile/
package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type key struct {
	name   string
	id     uint32
	public *ecdsa.PublicKey
}

func (k key) Name() string    { return k.name }
func (k key) KeyHash() uint32 { return k.id }
func (k key) Verify(text, signature []byte) bool {
	digest := sha256.Sum256(text)
	return ecdsa.VerifyASN1(k.public, digest[:], signature)
}

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "tlog-check: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	check(err, "reading")
	return content
}

// The verifier keys of the log: name+id+Base64(0x02 || DER).
func keysOf(dir string) note.Verifiers {
	var found []note.Verifier
	paths, err := filepath.Glob(filepath.Join(dir, "keys", "*.vkey"))
	check(err, "keys")
	for _, path := range paths {
		parts := strings.SplitN(strings.TrimSpace(string(read(path))), "+", 3)
		material, err := base64.StdEncoding.DecodeString(parts[2])
		check(err, path)
		id, err := strconv.ParseUint(parts[1], 16, 32)
		check(err, path)
		digest := sha256.Sum256(material[1:])
		if material[0] != 2 || binary.BigEndian.Uint32(digest[:]) != uint32(id) {
			check(fmt.Errorf("not an ECDSA key of this id"), path)
		}
		public, err := x509.ParsePKIXPublicKey(material[1:])
		check(err, path)
		found = append(found, key{parts[0], uint32(id), public.(*ecdsa.PublicKey)})
	}
	return note.VerifierList(found...)
}

func treeOf(path string, keys note.Verifiers) tlog.Tree {
	opened, err := note.Open(read(path), keys)
	check(err, path)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, path)
	root, err := tlog.ParseHash(lines[2])
	check(err, path)
	return tlog.Tree{N: size, Hash: root}
}

// Tiles by the names of C2SP tlog-tiles: those of Go without the height.
type tiles struct{ dir string }

func (t tiles) path(tile tlog.Tile) string {
	name := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return filepath.Join(t.dir, "tile", filepath.FromSlash(strings.Replace(name, "data/", "entries/", 1)))
}
func (t tiles) Height() int                                { return height }
func (t tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		content, err := os.ReadFile(t.path(tile))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func entriesOf(t tiles, size int64) [][]byte {
	var entries [][]byte
	for first := int64(0); first < size; first += 1 << height {
		width := int(min(size-first, 1<<height))
		bundle := read(t.path(tlog.Tile{H: height, L: -1, N: first >> height, W: width}))
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return entries
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	dir := os.Args[1]
	keys := keysOf(dir)
	newest := treeOf(filepath.Join(dir, "checkpoint"), keys)
	reader := tiles{dir}
	hashes := tlog.TileHashReader(newest, reader)
	entries := entriesOf(reader, newest.N)
	if int64(len(entries)) != newest.N {
		check(fmt.Errorf("%d entries, %d leaves", len(entries), newest.N), "bundles")
	}
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(newest.N, int64(index), hashes)
		check(err, fmt.Sprintf("proving entry %d", index))
		check(tlog.CheckRecord(proof, newest.N, newest.Hash, int64(index), tlog.RecordHash(entry)),
			fmt.Sprintf("entry %d", index))
	}
	paths, err := filepath.Glob(filepath.Join(dir, "checkpoints", strings.Repeat("[0-9]", 20)))
	check(err, "checkpoints")
	for _, path := range paths {
		older := treeOf(path, keys)
		proof, err := tlog.ProveTree(newest.N, older.N, hashes)
		check(err, path)
		check(tlog.CheckTree(proof, newest.N, newest.Hash, older.N, older.Hash), path)
		// What is needed for the older checkpoint is there, too.
		_, err = tlog.TreeHash(older.N, tlog.TileHashReader(older, reader))
		check(err, path)
	}
	fmt.Printf("tlog-check: %d entries included, %d checkpoints consistent\n", len(entries), len(paths))
}
