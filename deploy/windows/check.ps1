# 核对拖到 核对.bat 上的报告，并打开核对结果。由 核对.bat 和 打开ogi.bat 调用。
# Check the reports that were dropped on 核对.bat, and open the pages.
param([switch]$Missing)
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$ErrorActionPreference = 'Stop'

$places = @((Join-Path $PSScriptRoot '.venv\Scripts\ogi.exe'), (Join-Path $env:LOCALAPPDATA 'ogi\venv\Scripts\ogi.exe'))
$ogi = $places | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
if ($Missing -or -not $ogi) {
  Write-Host '这台电脑上还没有安装 ogi。请先双击“安装.bat”。'
  exit 3
}

# The command line is: cmd.exe /c ""C:\folder\核对.bat" C:\a.docx "C:\with blank\b.docx""
$line = [string]$env:OGI_DROPPED
$start = $line.IndexOf('核对.bat')
$rest = if ($start -ge 0) { $line.Substring($start + '核对.bat'.Length).TrimStart('"') } else { '' }
$files = @([regex]::Matches($rest, '"([^"]+)"|([^\s"]+)') | ForEach-Object {
  if ($_.Groups[1].Success) { $_.Groups[1].Value } else { $_.Groups[2].Value }
} | Where-Object { Test-Path -LiteralPath $_ })
if ($files.Count -eq 0) {
  Write-Host '请把要核对的报告（一个或多个文件）拖到“核对.bat”的图标上，松开鼠标。'
  exit 2
}

$pages = Join-Path $PSScriptRoot ('核对结果\' + (Get-Date -Format 'yyyy-MM-dd HHmmss'))
& $ogi check --html $pages --data (Join-Path $PSScriptRoot 'data') -- @files
$code = $LASTEXITCODE
$index = Join-Path $pages 'index.html'
if (Test-Path -LiteralPath $index) {
  Invoke-Item -LiteralPath $index
} elseif (Test-Path -LiteralPath $pages) {
  Get-ChildItem -LiteralPath $pages -Filter '*.html' | Select-Object -First 5 | ForEach-Object { Invoke-Item -LiteralPath $_.FullName }
}
exit $code
