# 为当前用户安装 ogi，不需要管理员权限。双击“安装.bat”运行。
# Install ogi for this user, without administrator rights, from the folder `wheelhouse` next to this file or from a mirror.
param(
  [string]$Folder = (Join-Path ([Environment]::GetFolderPath('MyDocuments')) '政府信息公开'),
  [string]$Mirror = ''
)
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$ErrorActionPreference = 'Stop'
$venv = Join-Path $env:LOCALAPPDATA 'ogi\venv'
$wheelhouse = Join-Path $PSScriptRoot 'wheelhouse'

function Stop-WithAdvice([string]$Text) {
  Write-Host $Text
  exit 3
}

function Find-Python {
  # The Python of Microsoft's store is a stub that opens the store: only a program that answers counts.
  $own = Join-Path $env:LOCALAPPDATA 'ogi\python\python.exe'
  foreach ($command in @(@($own), @('py.exe', '-3.12'), @('py.exe', '-3.11'), @('py.exe', '-3'), @('python.exe'))) {
    try {
      $arguments = @($command | Select-Object -Skip 1) + @('-c', 'import sys; print(sys.executable if sys.version_info >= (3, 11) and sys.maxsize > 2**32 else "")')
      $found = & $command[0] @arguments 2>$null
      if ($LASTEXITCODE -eq 0 -and $found) { return [string]$found }
    } catch { continue }
  }
  return $null
}

function Install-Python {
  # The installer of python.org, put next to this file, installs for one user without rights.
  $installer = Get-ChildItem -LiteralPath $PSScriptRoot -Filter 'python-3*-amd64.exe' | Select-Object -First 1
  if (-not $installer) { return }
  Write-Host '正在安装 Python（只为当前用户）……'
  $target = Join-Path $env:LOCALAPPDATA 'ogi\python'
  $options = @('/passive', 'InstallAllUsers=0', 'PrependPath=0', 'Include_launcher=0', 'Include_test=0', "TargetDir=`"$target`"")
  Start-Process -FilePath $installer.FullName -ArgumentList $options -Wait
}

function Install-Packages([string]$Python) {
  $source = @('--no-index', '--find-links', $wheelhouse)
  if (-not (Test-Path -LiteralPath $wheelhouse)) {
    if (-not $Mirror) { Stop-WithAdvice '没有找到 wheelhouse 文件夹。请把安装包完整解压后再运行；能上网时可以指定镜像：安装.bat -Mirror 网址' }
    $source = @('--index-url', $Mirror)
  }
  # Without its packages' compiled code, the first start would take a minute.
  & $Python -m pip install --disable-pip-version-check --quiet --upgrade --compile @source 'ogi[ocr]'
  if ($LASTEXITCODE -ne 0) { Stop-WithAdvice '安装没有完成：上面是原因。常见原因：安装包没有解压完整，或杀毒软件拦截。' }
}

$python = Find-Python
if (-not $python) { Install-Python; $python = Find-Python }
if (-not $python) { Stop-WithAdvice '需要 64 位 Python 3.11 或更高版本。请把 python.org 的安装程序（python-3.12.x-amd64.exe）放到这个文件夹，再运行一次。' }
Write-Host "Python：$python"
if (-not (Test-Path -LiteralPath (Join-Path $venv 'Scripts\python.exe'))) {
  & $python -m venv $venv
  if ($LASTEXITCODE -ne 0) { Stop-WithAdvice "不能建立 $venv。" }
}
Install-Packages (Join-Path $venv 'Scripts\python.exe')
New-Item -ItemType Directory -Force -Path (Join-Path $Folder 'data\raw') | Out-Null
foreach ($name in '打开ogi.bat', '核对.bat', 'check.ps1') {
  Copy-Item -LiteralPath (Join-Path $PSScriptRoot $name) -Destination $Folder -Force
}
& (Join-Path $venv 'Scripts\ogi.exe') --version
if ($LASTEXITCODE -ne 0) { Stop-WithAdvice '已安装，但不能启动。请把上面的内容发给程序维护人员。' }
Write-Host "安装完成。项目文件夹：$Folder。双击其中的“打开ogi.bat”开始；把报告拖到“核对.bat”上核对。"
Invoke-Item -LiteralPath $Folder
