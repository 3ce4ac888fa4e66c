"use strict";
// Downloads: the published tables as files.

ogi.pages.downloads = (parameters, show) =>
  show(["files"], (main) => {
    const { t } = ogi;
    const size = (bytes) =>
      bytes < 1e6 ? ogi.number(Math.ceil(bytes / 1e3)) + " KB" : ogi.number(bytes / 1e6, 1) + " MB";
    const file = (path, text) => (path ? { v: path, text, href: path } : { v: "", text: t("files.large") });
    ogi.heading(main, t("page.downloads"), t("files.lead"), ogi.data.index.simulated > 0);
    const { whole: sharedFiles, tables } = ogi.data.files;
    main.append(
      ogi.table({
        caption: t("files.whole"),
        name: t("files.whole"),
        columns: [
          { label: t("files.file") },
          { label: t("files.what"), wide: true },
          { label: t("files.size"), numeric: true },
        ],
        rows: sharedFiles.map(([path, code, bytes]) => [
          file(path, path.split("/").pop()),
          t("files." + code),
          { v: bytes, text: size(bytes) },
        ]),
      }),
    );
    main.append(
      ogi.table({
        caption: t("files.tables"),
        name: t("files.tables"),
        columns: [
          { label: t("col.table") },
          { label: t("files.what"), wide: true },
          { label: t("files.rows"), numeric: true },
          { label: "CSV" },
          { label: "Parquet" },
        ],
        rows: tables.map((f) => [
          f.table,
          t("about." + f.table),
          f.rows,
          f.csv ? file(f.csv, size(f.csv_bytes)) : { v: "", text: f.zipped ? t("files.in_zip") : t("files.large") },
          f.parquet.length === 1
            ? file(f.parquet[0], size(f.parquet_bytes))
            : {
                v: f.parquet.join(" "),
                text: f.parquet.length
                  ? t("files.parts", {
                      count: f.parquet.length,
                      size: size(f.parquet_bytes),
                      folder: f.parquet[0].split("/").slice(0, -1).join("/"),
                    })
                  : "—",
              },
        ]),
      }),
    );
  });
