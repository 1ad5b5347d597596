/* Has a file open, as a program does that lets nobody replace it: from the line it prints until its input ends. */
#include <stdio.h>
#include <windows.h>

int main(int count, char **words) {
    HANDLE file = CreateFileA(words[count - 1], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 1;
    puts("held");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    CloseHandle(file);
    return 0;
}
