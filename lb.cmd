@echo off
rem OrleansLb from a fresh clone, on Windows: the twin of ./lb. "lb help" lists the commands.
rem Without delayed expansion, so that an exclamation mark in an argument stays one: what a block sets is read after it only.
setlocal DisableDelayedExpansion
cd /d "%~dp0"
set "STATE=.lb"
set "COMMAND=%~1"
if "%COMMAND%"=="" set "COMMAND=help"
for %%C in (help --help -h /?) do if /i "%COMMAND%"=="%%C" goto usage
if /i "%COMMAND%"=="clean" (
    if exist artifacts rmdir /s /q artifacts
    if exist "%STATE%" rmdir /s /q "%STATE%"
    exit /b 0
)
set "ARGUMENTS="
shift
:collect
if [%1]==[] goto collected
rem --no-install is about Debian's packages, and means nothing here.
if /i not "%~1"=="--no-install" set ARGUMENTS=%ARGUMENTS% %1
shift
goto collect
:collected
set "KNOWN="
for %%C in (lab test bench build run check migrate explain status move drain undrain version) do if /i "%COMMAND%"=="%%C" set "KNOWN=%%C"
if not defined KNOWN (
    echo lb: there is no command '%COMMAND%' 1>&2
    exit /b 2
)
where dotnet >nul 2>nul || (
    echo lb: the .NET SDK 10 is missing: get it from https://dot.net/download and put dotnet on the PATH. 1>&2
    exit /b 1
)
dotnet --list-sdks | findstr /b /l /c:"10." >nul || (
    echo lb: the .NET SDK 10 is needed: get it from https://dot.net/download. 1>&2
    exit /b 1
)
if not exist "%STATE%" mkdir "%STATE%"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
call :choose || exit /b 1
set "PRODUCT=false"
if /i "%BUILD%"=="product" set "PRODUCT=true"
for %%C in (test build bench) do if "%KNOWN%"=="%%C" goto %%C

call :publish src\Silo\Silo.csproj Silo || exit /b 1
dotnet "%PROGRAM%\orleanslb.dll" %KNOWN% %ARGUMENTS%
exit /b %ERRORLEVEL%

:bench
call :publish bench\Bench.csproj Bench || exit /b 1
dotnet "%PROGRAM%\OrleansLb.Bench.dll" %ARGUMENTS%
exit /b %ERRORLEVEL%

:build
call :compile OrleansLb.sln
exit /b %ERRORLEVEL%

:test
call :compile OrleansLb.sln || exit /b 1
set FAILED=0
for /d %%D in (tests\*) do call :testone %%~nxD
if "%FAILED%"=="1" echo lb: some tests failed 1>&2
exit /b %FAILED%

rem Runs the tests of one folder, if it has any and is among the arguments, or there are none.
:testone
set "DLL=artifacts\%BUILD%\bin\%1.Tests\release\OrleansLb.%1.Tests.dll"
if not exist "%DLL%" exit /b 0
set "WANTED="
if not defined ARGUMENTS set "WANTED=1"
for %%A in (%ARGUMENTS%) do if /i "%%~A"=="%1" set "WANTED=1"
if not defined WANTED exit /b 0
echo lb: testing %1.Tests 1>&2
dotnet "%DLL%" -noColor || set FAILED=1
exit /b 0

rem Sets BUILD. The choice is remembered until the package versions change, because asking a registry takes seconds.
:choose
set "BUILD=%LB_BUILD%"
if /i "%BUILD%"=="product" exit /b 0
if /i "%BUILD%"=="local" exit /b 0
if defined BUILD (
    echo lb: LB_BUILD is '%BUILD%'; it must be local or product. 1>&2
    exit /b 1
)
if exist "%STATE%\windows-build" fc /b Directory.Packages.props "%STATE%\windows-versions" >nul 2>nul && set /p BUILD=<"%STATE%\windows-build"
if defined BUILD exit /b 0
echo lb: asking the package registry for the product's packages 1>&2
set "BUILD=product"
dotnet restore OrleansLb.sln -p:ProductPackages=true >"%STATE%\restore.log" 2>&1 && goto chosen
findstr /r "NU110[123]" "%STATE%\restore.log" >nul || (
    type "%STATE%\restore.log" 1>&2
    exit /b 1
)
set "BUILD=local"
echo lb: this registry lacks a part of the product: making the local build, on src\LocalGrains 1>&2
:chosen
copy /y Directory.Packages.props "%STATE%\windows-versions" >nul
>"%STATE%\windows-build" echo %BUILD%
exit /b 0

rem Compiled ahead of time, it starts sooner (decision 0030); the compiler for that is a package that the registry may lack.
:publish
set "PROGRAM=artifacts\%BUILD%\program\%~2"
if exist "%STATE%\no-compiler" goto uncompiled
dotnet publish "%~1" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:ProductPackages=%PRODUCT% -o "%PROGRAM%" -nologo -v quiet >"%STATE%\build.log" 2>&1 && exit /b 0
findstr /r "NU110[123] NETSDK1094" "%STATE%\build.log" >nul && (
    echo lb: no compiler ahead of time: the code is compiled as it runs, and a start takes longer 1>&2
    echo.>"%STATE%\no-compiler"
)
:uncompiled
set "PROGRAM=artifacts\%BUILD%\bin\%~2\release"

:compile
dotnet build "%~1" -c Release -p:ProductPackages=%PRODUCT% -nologo -v quiet >"%STATE%\build.log" 2>&1 || (
    findstr /l /c:"error " "%STATE%\build.log" 1>&2
    echo lb: the build failed; the whole log is %STATE%\build.log 1>&2
    exit /b 1
)
exit /b 0

:usage
echo Usage: lb COMMAND [options]
echo.
echo   lab                 the whole story on this machine, on the in-memory segment
echo   test [NAME...]      build everything and run every test, or those of some folders of tests\
echo   run                 serve this machine's network
echo   check FILE          is this configuration right?
echo   migrate --from ...  what is read of MetalLB or OpenELB, and the same in our form
echo   explain NS/NAME     why this address and this node, from the running service
echo   status              services, addresses, announcers of the running service
echo   move, drain         have another node announce a service, or all that a node announces
echo   bench [NAME]        list the benchmarks, or run one
echo   build               build only
echo   clean               forget what was built, and which build was chosen
echo.
echo Every command has --help. LB_BUILD=local or LB_BUILD=product picks the build; without it the product is tried first.
exit /b 0
